import Foundation
import Model

/// Finds the files that a check wrote in its checkout.
struct ReportFiles {
    /// Absolute path.
    let root: String

    /// Maximum number of directory entries that are scanned.
    private static let limit = 1_000_000
    /// Seconds by which the clock of a file system, which counts timer ticks, may be behind.
    private static let tick = 0.02

    /// Returns the paths of files that match a pattern and changed since a time, relative to the root and sorted.
    ///
    /// Uses the change time (`ctime`): the modification time can be set to anything by the writer, for example an earlier
    /// worker. Links are not followed.
    func matching(_ glob: Glob, since start: Date) -> [String] {
        var found: [String] = []
        var folders = [Self.fixedFolder(of: glob.pattern)]
        var left = Self.limit
        while let folder = folders.popLast() {
            let absolute = folder.isEmpty ? root : "\(root)/\(folder)"
            guard Self.status(absolute).map({ $0.st_mode & S_IFMT == S_IFDIR }) ?? false,
                let names = try? FileManager.default.contentsOfDirectory(atPath: absolute)
            else { continue }
            for name in names where name != ".git" {
                left -= 1
                guard left > 0 else { return found.sorted() }
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                guard let status = Self.status("\(root)/\(path)") else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: folders.append(path)
                case S_IFREG where glob.matches(path):
                    if Self.changed(status) >= start.timeIntervalSince1970 - Self.tick { found.append(path) }
                default: break
                }
            }
        }
        return found.sorted()
    }

    /// Returns the folder above the first component of a pattern that has a wildcard.
    private static func fixedFolder(of pattern: String) -> String {
        let parts = pattern.split(separator: "/").dropLast()
        return parts.prefix { !$0.contains(where: { "*?[{\\".contains($0) }) }.joined(separator: "/")
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    private static func changed(_ status: stat) -> Double {
        #if canImport(Darwin)
        let time = status.st_ctimespec
        #else
        let time = status.st_ctim
        #endif
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
