import Foundation

/// The files of this project, as the tests find them.
enum Project {
    /// Absolute path of the folder that holds `Package.swift`.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    /// Names in a folder, sorted, without those that begin with a dot.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Paths of files below a folder, from the root.
    static func files(below folder: String, suffix: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
            .filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

    /// Modules that the Swift files below a folder import.
    static func imports(below folder: String) throws -> Set<String> {
        var found: Set<String> = []
        let modifiers: Set<Substring> = ["package", "public", "internal", "@preconcurrency", "@testable"]
        let kinds: Set<Substring> = ["class", "enum", "func", "protocol", "struct", "typealias", "var"]
        for file in try files(below: folder, suffix: ".swift") {
            for line in try text(file).split(separator: "\n") {
                var words = line.split(separator: " ").drop(while: modifiers.contains)
                guard words.popFirst() == "import" else { continue }
                // `import struct A.B` names the module second.
                guard let name = words.drop(while: kinds.contains).first else { continue }
                found.insert(String(name.prefix { $0 != "." }))
            }
        }
        return found
    }
}
