import Foundation

/// A fresh directory that is deleted with its owner, whatever permissions its content was given meanwhile.
package final class ScratchDirectory: Sendable {
    /// Absolute path without symbolic links in it.
    package let path: String

    /// - Parameter name: ends up in the directory's name, so that a leftover can be traced to its test.
    package init(_ name: String = "scratch") throws {
        let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        path = "\(parent)/orchestrate-\(name)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // Tests leave directories that cannot be entered; `rm` cannot delete what lies in them.
        _ = try? run("/bin/chmod", ["-R", "u+rwx", path], in: "/", environment: [:], input: [])
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The absolute path of something inside the directory.
    package func appending(_ relative: String) -> String { "\(path)/\(relative)" }

    /// Makes a directory below this one and returns its absolute path.
    @discardableResult
    package func makeDirectory(_ relative: String) throws -> String {
        try FileManager.default.createDirectory(atPath: appending(relative), withIntermediateDirectories: true)
        return appending(relative)
    }
}
