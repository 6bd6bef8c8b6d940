import Model

/// A detector of paths that nearly all tasks change, so that no two tasks can be done side by side.
///
/// The graph cannot predict this: a change log or a counter has no imports. The detector counts the collisions on each
/// path and the tasks that change it.
struct CollisionDetector: Sendable {
    private var attempts = 0
    private var changed: [String: Int] = [:]
    private var collisions: [String: Int] = [:]

    /// The smallest fraction of verified attempts that change the path.
    private static let nearlyAll = 0.8
    /// The smallest fraction of verified attempts that collide on it. Tasks that are done one after the other do not collide,
    /// so the fraction falls in time, and then tasks are done side by side again.
    private static let often = 0.2

    private(set) var nearlyAllCollide = false

    mutating func verified(_ changes: [ChangedPath]) {
        attempts += 1
        for change in changes { changed[change.path, default: 0] += 1 }
        // A verified attempt can only end this state, and only a collision can start it.
        if nearlyAllCollide { judge() }
    }

    mutating func collided(on paths: Set<String>) {
        for path in paths { collisions[path, default: 0] += 1 }
        judge()
    }

    private mutating func judge() {
        nearlyAllCollide = collisions.contains { path, count in
            Double(changed[path] ?? 0) >= Self.nearlyAll * Double(attempts)
                && Double(count) >= Self.often * Double(attempts)
        }
    }
}
