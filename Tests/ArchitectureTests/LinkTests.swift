import Foundation
import Testing

/// Every link of a document to another file of the project leads somewhere.
@Suite struct LinkTests {
    private static func documents() throws -> [String] {
        try Project.names(in: ".").filter { $0.hasSuffix(".md") } + Project.files(below: "docs", suffix: ".md")
    }

    /// Targets of `[text](target)`, without those elsewhere and without the part after `#`.
    private static func targets(in text: String) -> [String] {
        text.components(separatedBy: "](").dropFirst().compactMap { rest in
            let target = rest.prefix { $0 != ")" && $0 != "#" && $0 != "\n" }
            return target.isEmpty || target.contains("://") ? nil : String(target)
        }
    }

    @Test func `links lead somewhere`() throws {
        var seen = 0
        for document in try Self.documents() {
            let folder = URL(fileURLWithPath: "/\(document)").deletingLastPathComponent()
            for target in Self.targets(in: try Project.text(document)) {
                let path = folder.appendingPathComponent(target).standardized.path
                #expect(Project.exists(String(path.dropFirst())), "\(document) links to \(target)")
                seen += 1
            }
        }
        #expect(seen > 10)
    }
}
