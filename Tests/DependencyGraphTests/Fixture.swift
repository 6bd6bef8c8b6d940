import DependencyGraph
import Foundation
import Model
import Testing

/// A small repository under `Fixtures/<language>/<name>/` and the hand-checked list of its edges beside it.
struct Fixture: Sendable, CustomTestStringConvertible {
    let language: String
    let name: String
    let directory: URL

    var testDescription: String { "\(language)/\(name)" }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Fixtures")

    static let all: [Fixture] = {
        let manager = FileManager.default
        let languages = (try? manager.contentsOfDirectory(atPath: root.path))?.sorted() ?? []
        return languages.flatMap { language in
            let folder = root.appendingPathComponent(language)
            let names = (try? manager.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
            return names.filter { $0.hasSuffix(".edges") }.map { file in
                let name = String(file.dropLast(".edges".count))
                return Fixture(language: language, name: name, directory: folder.appendingPathComponent(name))
            }
        }
    }()

    /// The lines of the list, without comments and blank lines, sorted.
    func expected() throws -> [String] {
        let text = try String(contentsOf: directory.appendingPathExtension("edges"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }.sorted()
    }

    func graph() throws -> RepositoryGraph {
        let source = try FixtureSource(directory: directory)
        return try GraphBuilder(workers: 2).build(source.entries, from: source)
    }

    /// The edges of the graph in the form of the list.
    func found() throws -> [String] {
        let graph = try graph()
        return graph.edges.map { edge in
            "\(graph.files[Int(edge.from)].path):\(edge.line) \(edge.kind.word) \(graph.files[Int(edge.to)].path)"
        }.sorted()
    }
}

/// The files of a fixture. The ending `.fixture` is removed from names.
private struct FixtureSource: BlobSource {
    private let source: DirectorySource
    private let names: [String: String]
    let entries: [GraphBuilder.Entry]

    init(directory: URL) throws {
        source = DirectorySource(root: directory.path)
        var entries = try source.entries()
        var names: [String: String] = [:]
        for index in entries.indices where entries[index].path.hasSuffix(".fixture") {
            let name = entries[index].path
            entries[index].path.removeLast(".fixture".count)
            names[entries[index].path] = name
        }
        self.entries = entries
        self.names = names
    }

    func makeReader() -> any BlobReader { Reader(files: source.makeReader(), names: names) }

    private struct Reader: BlobReader {
        let files: any BlobReader
        let names: [String: String]

        func read(
            _ file: GraphBuilder.Entry, limit: Int, _ body: (UnsafeRawBufferPointer, Int) -> Void
        ) throws {
            var file = file
            file.path = names[file.path] ?? file.path
            try files.read(file, limit: limit, body)
        }
    }
}
