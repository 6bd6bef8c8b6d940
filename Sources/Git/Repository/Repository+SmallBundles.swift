import CGit2
import Foundation
package import Model

/// Bundles of a few commits, which are written and read without starting Git. It costs a fifth, and they are what travels
/// with each attempt on another machine.
extension Repository {
    private static let mostCommits = 1000
    private static let mostObjects = 5000
    /// Bytes.
    private static let largest = 32 << 20

    /// Writes a bundle, or no file if the reader has the commit.
    ///
    /// - Parameters:
    ///   - reference: names the commit.
    ///   - path: absolute path of the new file.
    ///   - hidden: commits that are here and that the reader has.
    /// - Returns: false for a bundle that Git must write: one of a whole history, or a large one.
    func writeSmallBundle(
        _ reference: String, into path: String, without hidden: [ObjectID]
    ) throws(GitError) -> Bool {
        guard !hidden.isEmpty, !isShallow, !isPartialClone, let tip = try value(of: reference) else { return false }
        return try withHandle { (handle) throws(GitError) in
            guard let new = try handle.commits(below: tip, without: hidden, most: Self.mostCommits) else {
                return false
            }
            if new.ids.isEmpty { return true }
            let head =
                "# v2 git bundle\n" + new.parents.map { "-\($0.hex) \n" }.sorted().joined()
                + "\(tip.hex) \(reference)\n\n"
            return try handle.writePack(
                below: tip, without: hidden, most: Self.mostObjects, after: head, into: path)
        }
    }

    /// Stores the objects of a bundle as single files.
    ///
    /// - Parameter wanted: a reference in it.
    /// - Returns: false for a bundle that Git must read.
    func readSmallBundle(_ wanted: String, from path: String) throws(GitError) -> Bool {
        guard let size = FileSystem.size(path), size <= Self.largest,
            let data = try? Data(contentsOf: URL(fileURLWithPath: path)), let bundle = SmallBundle(Array(data)),
            let tip = bundle.references[wanted], !bundle.prerequisites.isEmpty
        else { return false }
        return try withObjects { (objects) throws(GitError) in
            guard bundle.prerequisites.allSatisfy({ objects.contains(RawID($0)) }) else { return false }
            return try objects.unpack(bundle.pack, most: Self.mostObjects) && objects.contains(RawID(tip))
        }
    }

    /// Returns those of some objects that are not here.
    package func missing(among ids: [ObjectID]) throws(GitError) -> [ObjectID] {
        try withObjects { (objects) throws(GitError) in ids.filter { !objects.contains(RawID($0)) } }
    }
}

/// The parts of a bundle of version 2.
private struct SmallBundle {
    var prerequisites: [ObjectID] = []
    var references: [String: ObjectID] = [:]
    var pack: [UInt8]

    /// - Returns: nil for other bytes.
    init?(_ bytes: [UInt8]) {
        var place = 0
        var lines: [Substring] = []
        while let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[place..<end], as: UTF8.self)
            place = end + 1
            if line.isEmpty { break }
            lines.append(line[...])
        }
        guard lines.first == "# v2 git bundle" else { return nil }
        pack = Array(bytes[place...])
        for line in lines.dropFirst() {
            let isPrerequisite = line.hasPrefix("-")
            let words = line.drop { $0 == "-" }.split(separator: " ", maxSplits: 1)
            guard let id = words.first.flatMap({ ObjectID(hex: String($0)) }) else { return nil }
            if isPrerequisite {
                prerequisites.append(id)
            } else if words.count == 2 {
                references[String(words[1])] = id
            }
        }
    }
}

extension RepositoryHandle {
    /// Passes a walk over the commits that some others do not reach.
    private func withWalk<Result>(
        below tip: ObjectID, without hidden: [ObjectID], _ body: (OpaquePointer) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        var opened: OpaquePointer?
        try Library.check(git_revwalk_new(&opened, pointer), "walk over commits")
        guard let walk = opened else { throw .library(operation: "walk over commits", message: "no handle") }
        defer { git_revwalk_free(walk) }
        var oid = RawID(tip).oid
        try Library.check(git_revwalk_push(walk, &oid), "walk from \(tip.short)")
        for commit in hidden {
            var oid = RawID(commit).oid
            try Library.check(git_revwalk_hide(walk, &oid), "walk without \(commit.short)")
        }
        return try body(walk)
    }

    /// Returns the commits that some others do not reach, and their parents that these reach; nil for too many.
    fileprivate func commits(
        below tip: ObjectID, without hidden: [ObjectID], most: Int
    ) throws(GitError) -> (ids: Set<RawID>, parents: Set<RawID>)? {
        let ids = try withWalk(below: tip, without: hidden) { (walk) throws(GitError) -> Set<RawID>? in
            var ids: Set<RawID> = []
            var oid = git_oid()
            while true {
                let status = git_revwalk_next(&oid, walk)
                if status == GIT_ITEROVER.rawValue { return ids }
                try Library.check(status, "walk over commits")
                ids.insert(RawID(oid))
                if ids.count > most { return nil }
            }
        }
        guard let ids else { return nil }
        var parents: Set<RawID> = []
        for id in ids {
            var (oid, commit) = (id.oid, nil as OpaquePointer?)
            try Library.check(git_commit_lookup(&commit, pointer, &oid), "read commit \(id.hex)")
            defer { git_commit_free(commit) }
            for number in 0..<git_commit_parentcount(commit) {
                if let parent = git_commit_parent_id(commit, number) { parents.insert(RawID(parent.pointee)) }
            }
        }
        return (ids, parents.subtracting(ids))
    }

    /// Writes the objects of commits into a file.
    /// - Returns: false for too many; then there is no file.
    fileprivate func writePack(
        below tip: ObjectID, without hidden: [ObjectID], most: Int, after head: String, into path: String
    ) throws(GitError) -> Bool {
        var opened: OpaquePointer?
        try Library.check(git_packbuilder_new(&opened, pointer), "write a pack")
        defer { git_packbuilder_free(opened) }
        git_packbuilder_set_threads(opened, 1)
        let builder = opened
        try withWalk(below: tip, without: hidden) { (walk) throws(GitError) in
            try Library.check(git_packbuilder_insert_walk(builder, walk), "collect objects")
        }
        guard git_packbuilder_object_count(builder) <= most else { return false }
        guard FileManager.default.createFile(atPath: path, contents: Data(head.utf8)),
            let file = FileHandle(forWritingAtPath: path)
        else { throw .fileSystem(operation: "write", path: path, code: errno) }
        defer { try? file.close() }
        _ = try? file.seekToEnd()
        var descriptor = file.fileDescriptor
        let status = git_packbuilder_foreach(
            builder,
            { bytes, count, payload in
                guard var rest = bytes.map({ UnsafeRawPointer($0) }), let payload else { return -1 }
                let descriptor = payload.load(as: Int32.self)
                var left = count
                while left > 0 {
                    let written = Foundation.write(descriptor, rest, left)
                    if written < 0, errno == EINTR { continue }
                    guard written > 0 else { return -1 }
                    left -= written
                    rest = rest.advanced(by: written)
                }
                return 0
            }, &descriptor)
        guard status == 0 else { throw .fileSystem(operation: "write", path: path, code: errno) }
        return true
    }
}

extension ObjectDatabase {
    /// Stores the objects of a pack as single files.
    /// - Returns: false for too many.
    fileprivate func unpack(_ pack: [UInt8], most: Int) throws(GitError) -> Bool {
        let folder = FileManager.default.temporaryDirectory.path + "/orchestrate-pack-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .fileSystem(operation: "make", path: folder, code: errno)
        }
        var opened: OpaquePointer?
        try Library.check(git_indexer_new(&opened, folder, 0o600, pointer, nil), "read a pack")
        defer { git_indexer_free(opened) }
        var progress = git_indexer_progress()
        try Library.check(
            pack.withUnsafeBytes { git_indexer_append(opened, $0.baseAddress, $0.count, &progress) }, "read a pack")
        guard progress.total_objects <= most else { return false }
        try Library.check(git_indexer_commit(opened, &progress), "read a pack")
        guard let name = git_indexer_name(opened).map({ String(cString: $0) }) else { return false }
        try copy(from: "\(folder)/pack-\(name).idx")
        return true
    }

    private func copy(from index: String) throws(GitError) {
        var opened: OpaquePointer?
        try Library.check(git_odb_new(&opened), "read a pack")
        defer { git_odb_free(opened) }
        var backend: OpaquePointer?
        try Library.check(git_odb_backend_one_pack(&backend, index), "read a pack")
        try Library.check(git_odb_add_backend(opened, backend, 1), "read a pack")
        var ids: [git_oid] = []
        // Not `&ids` as the payload, which would be the address of the elements.
        let status = withUnsafeMutablePointer(to: &ids) { list in
            git_odb_foreach(
                opened,
                { id, payload in
                    if let id { payload?.assumingMemoryBound(to: [git_oid].self).pointee.append(id.pointee) }
                    return 0
                }, list)
        }
        try Library.check(status, "read a pack")
        for id in ids where !contains(RawID(id)) {
            var (oid, written, object) = (id, git_oid(), nil as OpaquePointer?)
            try Library.check(git_odb_read(&object, opened, &oid), "read a pack")
            defer { git_odb_object_free(object) }
            try Library.check(
                git_odb_write(
                    &written, pointer, git_odb_object_data(object), git_odb_object_size(object),
                    git_odb_object_type(object)), "write into '\(repository)'")
        }
    }
}
