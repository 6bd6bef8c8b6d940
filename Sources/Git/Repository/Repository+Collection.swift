import Foundation

extension Repository {
    /// Seconds to wait for a `git gc`. A larger repository may take longer; the caller then goes on, and work that is
    /// collected under it is done again.
    private static let collectionPatience = 120.0
    private static let collectionPause = 0.02

    /// Waits while `git gc` is at work in the repository, because it removes new objects that no reference names yet.
    ///
    /// Call it before objects are written that a reference will name at once. `git gc` repacks before it prunes, so one
    /// that begins afterwards finds the reference.
    package func awaitCollection() {
        let deadline = Date(timeIntervalSinceNow: Self.collectionPatience)
        while isCollecting, Date() < deadline { Thread.sleep(forTimeInterval: Self.collectionPause) }
    }

    /// Whether the process that `gc.pid` names is alive. A killed `git gc` leaves the file.
    private var isCollecting: Bool {
        guard let text = try? String(contentsOfFile: "\(commonDirectory)/gc.pid", encoding: .utf8),
            let process = text.split(separator: " ").first.flatMap({ pid_t($0) }), process > 0
        else { return false }
        return kill(process, 0) == 0 || errno == EPERM
    }
}
