import Foundation
import Model

/// Reads files of a directory instead of a commit: for tests, for measuring, and for code that is in no repository.
package struct DirectorySource: BlobSource {
    package let root: String

    package init(root: String) { self.root = root }

    package func makeReader() -> any BlobReader { Reader(root: root) }

    private struct Reader: BlobReader {
        let root: String

        func read(
            _ file: GraphBuilder.Entry, limit: Int, _ body: (UnsafeRawBufferPointer, Int) -> Void
        ) throws {
            let data = try Data(contentsOf: URL(fileURLWithPath: root + "/" + file.path))
            data.withUnsafeBytes { body($0, $0.count) }
        }
    }

    /// Lists the regular files below the root, `.git` apart.
    ///
    /// The blob names are no Git names: they are made from path, size and time of change.
    package func entries() throws -> [GraphBuilder.Entry] {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .fileSizeKey, .contentModificationDateKey]
        guard
            let walk = FileManager.default.enumerator(
                at: URL(fileURLWithPath: root, isDirectory: true).resolvingSymlinksInPath(),
                includingPropertiesForKeys: Array(keys))
        else { return [] }
        let prefix = URL(fileURLWithPath: root, isDirectory: true).resolvingSymlinksInPath().path + "/"
        var entries: [GraphBuilder.Entry] = []
        for case let url as URL in walk {
            if url.lastPathComponent == ".git" {
                walk.skipDescendants()
                continue
            }
            let values = try url.resourceValues(forKeys: keys)
            guard values.isRegularFile == true, url.path.hasPrefix(prefix) else { continue }
            let path = String(url.path.dropFirst(prefix.count))
            let time = values.contentModificationDate?.timeIntervalSince1970 ?? 0
            var name = "\(path) \(values.fileSize ?? 0) \(time)"
            let hash = name.withUTF8 { hashBytes($0) }
            let digits = String(hash, radix: 16)
            let hex = String(repeating: "0", count: 40 - digits.count) + digits
            guard let blob = ObjectID(hex: hex) else { continue }
            entries.append(GraphBuilder.Entry(path: path, blob: blob))
        }
        return entries.sorted { $0.path < $1.path }
    }
}
