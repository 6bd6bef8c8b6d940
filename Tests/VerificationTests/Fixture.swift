import Foundation

/// Output of real tools, made from small broken files; `@SLOT@` stands for the directory they ran in.
enum Fixture {
    static func text(_ name: String, slot: String = "/state/slots/1", extension: String = "txt") throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name).\(`extension`)")
        return try String(contentsOf: file, encoding: .utf8).replacingOccurrences(of: "@SLOT@", with: slot)
    }
}
