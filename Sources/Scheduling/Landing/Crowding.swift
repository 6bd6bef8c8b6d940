import Model

/// Finds out whether nearly all tasks change the same lines, so that no two of them can be done side by side.
///
/// The graph cannot foretell it: a change log or a counter has no imports. What can be seen is on which paths tasks have
/// collided, and how many of all tasks change these.
struct Crowding: Sendable {
    private var attempts = 0
    private var changed: [String: Int] = [:]
    private var collisions: [String: Int] = [:]

    /// The share of verified attempts that have changed it.
    private static let nearlyAll = 0.8
    /// The share of them that have collided on it. One after the other none does, so the share falls in time, and then
    /// it is tried again whether tasks can be done side by side.
    private static let often = 0.2

    private(set) var isCrowded = false

    mutating func verified(_ changes: [ChangedPath]) {
        attempts += 1
        for change in changes { changed[change.path, default: 0] += 1 }
        // Only what tells against it can be new: a collision tells for it.
        if isCrowded { judge() }
    }

    mutating func collided(on paths: Set<String>) {
        for path in paths { collisions[path, default: 0] += 1 }
        judge()
    }

    private mutating func judge() {
        isCrowded = collisions.contains { path, count in
            Double(changed[path] ?? 0) >= Self.nearlyAll * Double(attempts)
                && Double(count) >= Self.often * Double(attempts)
        }
    }
}
