import Foundation

/// The folder of the job folder in which results lie that were dropped from the conversation.
package struct ResultFiles: Sendable {
    package let folder: String

    /// - Parameter folder: made where it is missing.
    package init(_ folder: String) {
        self.folder = folder
        mkdir(folder, 0o700)
    }

    /// Keeps a text.
    ///
    /// - Returns: the path for the tool 'read'; nil if it could not be kept.
    func keep(_ text: String, of call: String) -> String? {
        // Ids come from the provider.
        let safe = call.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }.prefix(80)
        guard !safe.isEmpty, (try? Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(safe).txt"))) != nil
        else { return nil }
        return "@results/\(safe).txt"
    }
}
