import Foundation

extension Repository {
    /// Removes the lock files that a killed coordinator left on branches that only a coordinator moves.
    ///
    /// Git and libgit2 hold such a lock for milliseconds, so a lock that is unchanged after a second has no owner. The
    /// caller holds the plan's `RunLock`, so no other coordinator works on these branches.
    ///
    /// - Parameter branches: names without `refs/heads/`. A name that ends in `/` stands for all branches below it,
    ///   an empty one for all branches.
    /// - Returns: absolute paths of the removed lock files.
    package func removeStaleLocks(onBranches branches: [String]) -> [String] {
        let seen = locks(on: branches)
        guard !seen.isEmpty else { return [] }
        Thread.sleep(forTimeInterval: Self.longestHold)
        return seen.filter { path, mark in Self.mark(of: path) == mark && unlink(path) == 0 }.map(\.key).sorted()
    }

    /// Returns the absolute paths of the lock files on branches. `branches` is as in `removeStaleLocks`.
    package func locks(belowBranches branches: [String]) -> [String] { locks(on: branches).keys.sorted() }

    /// Returns the absolute paths of all lock files of branches, and whether a killed process of this program left them.
    package func branchLocks() -> [(path: String, isLeft: Bool)] {
        let left = Set(LockRecord.left(in: commonDirectory))
        let packed = ["\(commonDirectory)/packed-refs.lock"].filter { FileSystem.exists($0) }
        return left.union(locks(on: [""]).keys).union(packed).sorted().map { ($0, left.contains($0)) }
    }

    /// Seconds.
    private static let longestHold = 1.0

    private func locks(on branches: [String]) -> [String: FileMark] {
        var found: [String: FileMark] = [:]
        for branch in branches {
            let path = "\(commonDirectory)/refs/heads/\(branch)"
            let paths =
                branch.isEmpty || branch.hasSuffix("/")
                ? (FileManager.default.enumerator(atPath: path)?.compactMap { ($0 as? String).map { path + $0 } } ?? [])
                    .filter { $0.hasSuffix(".lock") }
                : ["\(path).lock"]
            for path in paths { found[path] = Self.mark(of: path) }
        }
        return found
    }

    private static func mark(of path: String) -> FileMark? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        return FileMark(
            file: attributes[.systemFileNumber] as? Int ?? 0, changed: attributes[.modificationDate] as? Date)
    }
}

/// The identity of a file, which a new file at the same path does not share.
private struct FileMark: Equatable {
    var file: Int
    var changed: Date?
}
