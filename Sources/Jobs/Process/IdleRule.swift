/// When a process counts as stuck: no output, no changed file and no processor time for a while.
///
/// Enforced on Linux only. Other systems do not tell what all processes of a request use.
package struct IdleRule: Sendable {
    /// Seconds.
    package var timeout: Double
    /// Absolute paths of folders. A change in one of them is a sign of life.
    package var folders: [String]
    /// Whether the process has a valid reason to do nothing now.
    package var isExcused: @Sendable () -> Bool

    package init(timeout: Double, folders: [String], isExcused: @escaping @Sendable () -> Bool = { false }) {
        self.timeout = timeout
        self.folders = folders
        self.isExcused = isExcused
    }
}
