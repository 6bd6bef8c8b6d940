import Foundation

/// A folder of the coordinator that workers could write to.
package enum Folder {
    /// Deletes a folder and everything below it. Links are deleted, not followed. What forbids access is made accessible.
    ///
    /// - Returns: whether the folder existed.
    package static func remove(at path: String) throws(GitError) -> Bool {
        let parent = (path as NSString).deletingLastPathComponent
        let name = (path as NSString).lastPathComponent
        guard let directory = Directory(path: parent), directory.contains(name) else { return false }
        try directory.remove(name, display: path)
        return true
    }

    /// Returns the disk space of its files in bytes. A file with several hard links counts once for each.
    package static func size(of path: String) -> Int {
        let keys: Set<URLResourceKey> = [.totalFileAllocatedSizeKey, .isRegularFileKey]
        let all = FileManager.default.enumerator(
            at: URL(fileURLWithPath: path), includingPropertiesForKeys: Array(keys))
        var size = 0
        for case let file as URL in all ?? .init() {
            guard let values = try? file.resourceValues(forKeys: keys), values.isRegularFile == true else { continue }
            size += values.totalFileAllocatedSize ?? 0
        }
        return size
    }
}
