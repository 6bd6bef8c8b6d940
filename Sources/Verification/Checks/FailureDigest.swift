package import Jobs

/// Extracts from a log the lines that a person or the next attempt's prompt needs to understand a failure.
///
/// Finds errors by patterns that compilers, linters and test runners share, and keeps a little context. A log without
/// errors gives its end. What differs from run to run (times, addresses, temporary and slot paths) is replaced, so that the
/// same failure gives the same digest in another slot.
package struct FailureDigest: Sendable {
    /// Bytes of a digest; about 1,500 tokens of a language model at 4 bytes each.
    package static let defaultBudget = 6_000

    let budget: Int
    let normaliser: LineNormaliser
    private let window: Int

    package static let defaultWindow = 8 << 20

    /// - Parameters:
    ///   - budget: maximum size of a digest in bytes.
    ///   - checkout: absolute path of the slot in which the log was written; paths below it become relative.
    ///   - folders: further absolute paths, each with the name that replaces it.
    ///   - window: bytes to read from the start and from the end of a log file; the rest is skipped.
    package init(
        budget: Int = FailureDigest.defaultBudget, checkout: String?, folders: [(path: String, name: String)] = [],
        window: Int = FailureDigest.defaultWindow
    ) {
        self.budget = budget
        self.window = window
        normaliser = LineNormaliser(checkout: checkout, folders: folders)
    }

    /// Returns the digest of a log file; empty if the file does not exist. Memory use does not grow with the file.
    ///
    /// - Throws: `JobsError` for a log that is not a plain file or cannot be read.
    package func digest(ofLogAt path: String) throws(JobsError) -> String {
        var selection = TellingLines(budget: budget, normaliser: normaliser)
        try LogLines.read(path, window: window) { line, gap in selection.add(line, afterGap: gap) }
        return selection.text()
    }

}
