package import Jobs

/// The lines of a log that matter: what a person, or the next attempt's prompt, needs of a failure.
///
/// Errors are recognised by the patterns that compilers, linters and test runners share, with a little context; a log
/// without any gives its end. What differs from run to run (times, addresses, temporary and slot paths) is replaced,
/// so that the same failure gives the same digest in another slot.
package struct FailureDigest: Sendable {
    /// Bytes of a digest; about 1,500 tokens of a language model at 4 bytes each.
    package static let defaultBudget = 6_000

    private let budget: Int
    private let normaliser: LineNormaliser
    private let window: Int

    package static let defaultWindow = 8 << 20

    /// - Parameters:
    ///   - budget: most bytes of a digest.
    ///   - checkout: absolute path of the slot the log was made in; paths in it become relative.
    ///   - folders: further absolute paths, each with the name to show in its place.
    ///   - window: bytes looked at from the start, and from the end, of a log file; what lies between is skipped.
    package init(
        budget: Int = FailureDigest.defaultBudget, checkout: String?, folders: [(path: String, name: String)] = [],
        window: Int = FailureDigest.defaultWindow
    ) {
        self.budget = budget
        self.window = window
        normaliser = LineNormaliser(checkout: checkout, folders: folders)
    }

    /// Makes the digest of a log file, in memory that does not grow with it.
    ///
    /// - Throws: `JobsError` for a log that is no plain file or cannot be read; a missing one gives an empty digest.
    package func digest(ofLogAt path: String) throws(JobsError) -> String {
        var selection = TellingLines(budget: budget, normaliser: normaliser)
        try LogLines.read(path, window: window) { line, gap in selection.add(line, afterGap: gap) }
        return selection.text()
    }

    /// Makes the digest of a log that is in memory.
    package func digest(of log: some Sequence<UInt8>) -> String {
        var selection = TellingLines(budget: budget, normaliser: normaliser)
        LogLines.split(Array(log)) { selection.add($0, afterGap: false) }
        return selection.text()
    }
}
