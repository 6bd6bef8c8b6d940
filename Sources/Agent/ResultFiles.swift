import Foundation

/// The folder for results that were dropped from the conversation.
package struct ResultFiles: Sendable {
    package let folder: String

    /// - Parameter folder: created if it is missing.
    package init(_ folder: String) {
        self.folder = folder
        mkdir(folder, 0o700)
    }

    /// Stores a text.
    ///
    /// - Returns: the path for the tool 'read'; nil if the text could not be stored.
    func keep(_ text: String, of call: String) -> String? {
        // Ids come from the provider.
        let safe = call.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }.prefix(80)
        guard !safe.isEmpty, (try? Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(safe).txt"))) != nil
        else { return nil }
        return "@results/\(safe).txt"
    }
}
