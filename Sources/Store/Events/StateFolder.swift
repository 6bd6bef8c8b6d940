import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The folder for all state of one target repository; never inside the repository itself.
package struct StateFolder: Sendable, Equatable {
    package let path: String

    /// Names the repository where paths mean nothing, such as on other machines.
    package var repositoryName: String { (path as NSString).lastPathComponent }
    package var store: String { "\(path)/state.sqlite" }
    package var slots: String { "\(path)/slots" }
    package var jobs: String { "\(path)/jobs" }
    package var logs: String { "\(path)/logs" }
    /// Commands that people gave to runs, by plan.
    package var control: String { "\(path)/control" }
    package var graphCache: String { "\(path)/graph.cache" }

    /// The lessons of a plan, for `context.share: file`.
    package func lessons(of plan: String) -> String { "\(path)/lessons/\(plan).md" }
    /// The folder in which answers of people wait for the coordinator.
    package func answers(to plan: String) -> String { "\(path)/answers/\(plan)" }

    /// Finds the folder of a repository. Creates nothing.
    /// - Parameters:
    ///   - commonGitDirectory: absolute path of the directory that all its worktrees share.
    ///   - environment: `XDG_STATE_HOME` and `HOME` are looked at.
    /// - Throws: `noStateHome`.
    package init(commonGitDirectory: String, environment: [String: String]) throws(StoreError) {
        let home = try Self.home(environment)
        let directory = Self.resolved(commonGitDirectory)
        path = "\(home)/orchestrate/\(Self.name(of: directory))-\(Self.hash(of: directory))"
    }

    /// - Parameter path: absolute path of the folder.
    package init(path: String) { self.path = path }

    /// The folder for the state of all programs.
    static func home(_ environment: [String: String]) throws(StoreError) -> String {
        // The XDG specification says to ignore a relative path.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state }
        if let user = environment["HOME"], user.hasPrefix("/") { return "\(user)/.local/state" }
        throw .noStateHome
    }

    /// Creates the folder and its subfolders, readable by the owner only.
    /// - Throws: `folder`.
    package func make() throws(StoreError) {
        for folder in [path, slots, jobs, logs] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw .folder(path: folder, detail: "cannot be made: \(error.localizedDescription)")
            }
        }
        // The call above leaves the mode of an existing folder as it is.
        guard chmod(path, 0o700) == 0, access(path, W_OK | X_OK) == 0 else {
            throw .folder(path: path, detail: "cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Resolves symbolic links, so that all paths of a repository give the same folder.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// `…/name/.git` and `…/name.git` are both called `name`.
    private static func name(of directory: String) -> String {
        var parts = directory.split(separator: "/")
        if parts.last == ".git" { parts.removeLast() }
        var name = String(parts.last ?? "repository")
        if name.hasSuffix(".git"), name.count > 4 { name.removeLast(4) }
        // A file name may have 255 bytes, with the hash.
        while name.utf8.count > 200 { name.removeLast() }
        return name
    }

    /// FNV-1a with 64 bits: it only has to tell repositories of the same name apart.
    private static func hash(of directory: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in directory.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
