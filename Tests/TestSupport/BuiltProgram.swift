package import Foundation

/// The programs that are built with the tests.
package enum BuiltProgram {
    package struct Missing: Error {
        package var name: String
    }

    /// Path of `orchestrate`; the name alone if it is not built.
    package static let orchestrate = (try? path(of: "orchestrate")) ?? "orchestrate"

    package static func path(of name: String) throws -> String {
        var folder = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        // On macOS the tests are inside a bundle.
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent(name).path
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory), !isDirectory.boolValue {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        throw Missing(name: name)
    }
}

/// The workers that the program is shipped with.
package enum ShippedWorker {
    /// The root of this repository.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Copies a worker to `workers/` in a folder, beside the plan there.
    ///
    /// - Parameter change: called with each line of `worker.yaml`.
    package static func put(
        _ name: String, in directory: ScratchDirectory, change: (String) -> String = { $0 }
    ) throws {
        let text = try String(contentsOf: root.appendingPathComponent("workers/\(name)/worker.yaml"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { change(String($0)) }
        try directory.makeDirectory("workers/\(name)")
        try lines.joined(separator: "\n").write(
            toFile: directory.appending("workers/\(name)/worker.yaml"), atomically: true, encoding: .utf8)
    }
}
