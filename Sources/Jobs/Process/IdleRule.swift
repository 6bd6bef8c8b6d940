/// When a process is taken to be stuck: no output, no changed file and no processor time for a while.
///
/// Kept on Linux; elsewhere nobody can tell what all processes of a request use, and none is ended for it.
package struct IdleRule: Sendable {
    /// Seconds.
    package var timeout: Double
    /// Absolute paths of folders of which a change is a sign of life.
    package var folders: [String]
    /// Whether the process has a good reason to do nothing now.
    package var isExcused: @Sendable () -> Bool

    package init(timeout: Double, folders: [String], isExcused: @escaping @Sendable () -> Bool = { false }) {
        self.timeout = timeout
        self.folders = folders
        self.isExcused = isExcused
    }
}
