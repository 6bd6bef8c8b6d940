import Foundation
package import Model
package import Store

/// The file with the branches and pull requests of a plan.
package struct RequestShelf: Sendable {
    private let path: String
    private let folder: String

    package init(_ state: StateFolder, plan: String) {
        folder = "\(state.path)/requests"
        path = "\(folder)/\(plan).json"
    }

    /// Returns what was stored; nil if nothing was.
    /// - Throws: `LandError.brokenBook` if the file cannot be read.
    package func load() throws -> RequestBook? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(RequestBook.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw LandError.brokenBook(path: path)
        }
    }

    /// Replaces what was stored, in one step.
    package func save(_ book: RequestBook) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(book).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
