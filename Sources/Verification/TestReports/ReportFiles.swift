import Foundation
import Model

/// Finds the files that a check wrote, below its checkout.
struct ReportFiles {
    /// Absolute path.
    let root: String

    /// Entries that are looked at; what is beyond them was not written by a test runner.
    private static let limit = 1_000_000
    /// Seconds that the clock of a file system may be behind: it counts in ticks of a timer.
    private static let tick = 0.02

    /// Paths from the root, sorted.
    ///
    /// What counts is the time at which a file's state was changed last (`ctime`): that of its content can be set to
    /// anything by whoever has written it, an earlier worker among them. Links are not followed.
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

    /// The folder above the first part of a pattern that has more than one meaning.
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
