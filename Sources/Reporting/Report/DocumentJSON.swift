import Foundation

/// The JSON of documents for programs: keys in snake case and sorted, so that equal documents give equal text.
package enum DocumentJSON {
    /// Returns an indented document with a newline at its end.
    package static func text(_ document: some Encodable) throws -> String {
        let encoder = encoder
        encoder.outputFormatting.insert(.prettyPrinted)
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    /// Returns a document on one line, without a newline.
    package static func line(_ document: some Encodable) throws -> String {
        String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
