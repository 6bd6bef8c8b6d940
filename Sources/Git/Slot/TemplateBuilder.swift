#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Makes the folder of a template.
struct TemplateBuilder {
    let key: String
    /// Absolute path of the template's folder. The files are gathered beside it and renamed at the end.
    let folder: String
    let origins: [[UInt8]]

    private var unfinished: String { "\(folder).new" }
    private var files: String { "\(unfinished)/files" }

    init(key: String, folder: String, origins: [String]) throws(GitError) {
        self.key = key
        self.folder = folder
        self.origins = origins.map { Array($0.utf8) }
        _ = try Folder.remove(at: unfinished)
        try FileSystem.makeDirectories(files)
    }

    /// Moves what is at a path of a checkout into the template. Leaves an empty directory in place of a directory if
    /// `leavesDirectory` is set.
    func take(_ path: RawPath, from checkout: borrowing Directory, leavesDirectory: Bool = false) throws(GitError) {
        let source = try parent(of: path, in: checkout)
        try makeParents(of: path)
        let target = "\(files)/\(path.parent.display)"
        guard let directory = Directory(path: path.parent.isEmpty ? files : target) else {
            throw .fileSystem(operation: "enter", path: target, code: errno)
        }
        let failed = path.name.withCPath { name -> Bool in
            guard let status = source.status(name) else { return true }
            let isDirectory = status.isDirectory
            // Moving a directory changes the entry of its parent inside it.
            if isDirectory { fchmodat(source.descriptor, name, status.st_mode | 0o700, 0) }
            if renameat(source.descriptor, name, directory.descriptor, name) != 0 { return true }
            if isDirectory { fchmodat(directory.descriptor, name, status.st_mode & 0o7777, 0) }
            return leavesDirectory && mkdirat(source.descriptor, name, 0o777) != 0
        }
        if failed { throw .fileSystem(operation: "move", path: path.display, code: errno) }
    }

    /// Copies a file or link of a folder into the template.
    func copy(_ path: RawPath, from source: borrowing Directory) throws(GitError) {
        let parent = try parent(of: path, in: source)
        try makeParents(of: path)
        let target = "\(files)/\(path.display)"
        guard let status = path.name.withCPath({ parent.status($0) }) else {
            throw .fileSystem(operation: "look at", path: path.display, code: errno)
        }
        if status.isLink {
            let link = path.name.withCPath { parent.readLink($0) } ?? []
            if link.withCPath({ symlink($0, target) }) != 0 {
                throw .fileSystem(operation: "write", path: target, code: errno)
            }
        } else if status.st_mode & S_IFMT == S_IFREG {
            let opened = path.name.withCPath { openat(parent.descriptor, $0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
            guard opened >= 0 else { throw .fileSystem(operation: "read", path: path.display, code: errno) }
            defer { close(opened) }
            var shares = true
            try FileCopy.write(opened, to: target, mode: status.st_mode & 0o777, time: status.time, shares: &shares)
        }
    }

    /// Lists the files and puts the folder into its place.
    /// - Parameter roots: the paths that the template owns.
    func finish(roots: [RawPath]) throws(GitError) -> SlotTemplate {
        guard let top = Directory(path: files) else {
            throw .fileSystem(operation: "enter", path: files, code: errno)
        }
        let roots = roots.sorted { $0.lexicographicallyPrecedes($1) }
        var nodes: [SlotTemplate.Node] = []
        try list(top, path: [], isOwned: false, roots: Set(roots), into: &nodes)
        SlotTemplate.Node.close(&nodes)
        let list = TemplateList(key: key, roots: roots, nodes: nodes, origins: origins)
        try FileSystem.write(list.bytes, to: "\(unfinished)/\(TemplateList.name)")
        _ = try Folder.remove(at: folder)
        if rename(unfinished, folder) != 0 { throw .fileSystem(operation: "make", path: folder, code: errno) }
        return SlotTemplate(key: key, folder: folder, roots: roots, nodes: nodes, origins: origins)
    }

    private func list(
        _ directory: borrowing Directory, path: RawPath, isOwned: Bool, roots: Set<RawPath>,
        into nodes: inout [SlotTemplate.Node]
    ) throws(GitError) {
        let listing = try directory.listing(path: path)
        let depth = path.isEmpty ? 0 : path.count { $0 == RawPath.slash } + 1
        if depth >= Directory.depthLimit {
            throw .unsafePath(path.display, reason: "it is more than \(Directory.depthLimit) levels deep")
        }
        let order = (0..<listing.count).sorted { listing.name($0).lexicographicallyPrecedes(listing.name($1)) }
        for number in order {
            let name = Array(listing.name(number))
            let inside = path.appending(name)
            guard let status = listing.withName(number, { directory.status($0) }) else { continue }
            let isOwned = isOwned || roots.contains(inside)
            guard let node = node(name, status, in: directory, isOwned: isOwned, depth: depth) else { continue }
            nodes.append(node)
            if node.kind == .directory || node.kind == .bridge,
                let child = try name.withCPath({ (name) throws(GitError) in try directory.child(name) })
            {
                try list(child, path: inside, isOwned: isOwned, roots: roots, into: &nodes)
                // Entering a directory may have made it accessible.
                fchmod(child.descriptor, status.st_mode & 0o7777 | 0o500)
            }
        }
    }

    /// Returns nil for what is no file, link or directory.
    private func node(
        _ name: [UInt8], _ status: stat, in directory: borrowing Directory, isOwned: Bool, depth: Int
    ) -> SlotTemplate.Node? {
        let kind: SlotTemplate.Node.Kind
        var namesOrigin = false
        switch status.st_mode & S_IFMT {
        case S_IFDIR: kind = isOwned ? .directory : .bridge
        case S_IFLNK:
            kind = .link
            namesOrigin = Relocation.names(origins, in: name.withCPath { directory.readLink($0) } ?? [])
        case S_IFREG:
            kind = .file
            let content = name.withCPath { directory.read($0, limit: Relocation.largest) }
            namesOrigin = content.map { Relocation.names(origins, in: $0) } ?? false
        default: return nil
        }
        return SlotTemplate.Node(
            name: name, kind: kind, mode: UInt32(status.st_mode & 0o777), seconds: status.time.tv_sec,
            nanoseconds: status.time.tv_nsec, namesOrigin: namesOrigin, depth: depth, end: 0)
    }

    private func makeParents(of path: RawPath) throws(GitError) {
        guard path.decoded != nil else { throw .unsafePath(path.display, reason: "it is not UTF-8") }
        if !path.parent.isEmpty { try FileSystem.makeDirectories("\(files)/\(path.parent.display)") }
    }

    private func parent(of path: RawPath, in checkout: borrowing Directory) throws(GitError) -> Directory {
        var current = try Self.child([UInt8(ascii: ".")], of: checkout, path)
        for part in path.parent.split(separator: RawPath.slash) { current = try Self.child(part, of: current, path) }
        return current
    }

    private static func child(
        _ name: some Collection<UInt8>, of directory: borrowing Directory, _ path: RawPath
    ) throws(GitError) -> Directory {
        let child = try name.withCPath { (name) throws(GitError) in try directory.child(name) }
        guard let child else { throw .fileSystem(operation: "enter", path: path.display, code: ENOENT) }
        return child
    }
}

/// The copy of one file, copy-on-write where the file system can.
enum FileCopy {
    /// Writes the content of an open file to a new file.
    static func write(
        _ source: Int32, to path: String, mode: mode_t, time: timespec, shares: inout Bool
    ) throws(GitError) {
        let target = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw .fileSystem(operation: "write", path: path, code: errno) }
        defer { close(target) }
        if !content(of: source, to: target, shares: &shares) || !settle(target, mode: mode, time: time) {
            throw .fileSystem(operation: "write", path: path, code: errno)
        }
    }

    /// - Parameter shares: whether to try to share blocks; set to false once that has failed.
    static func content(of source: Int32, to target: Int32, shares: inout Bool) -> Bool {
        #if os(Linux)
        var flag: Int32 = shares ? 1 : 0
        let status = orchestrate_copy_content(source, target, &flag)
        shares = flag == 1
        return status == 0
        #else
        guard let bytes = FileSystem.readAll(source) else { return false }
        return FileSystem.writeAll(target, bytes)
        #endif
    }

    /// Gives a new file its permissions and modification time.
    static func settle(_ file: Int32, mode: mode_t, time: timespec) -> Bool {
        let times = [time, time]
        return fchmod(file, mode) == 0 && futimens(file, times) == 0
    }
}

extension stat {
    /// Modification time.
    var time: timespec {
        #if canImport(Darwin)
        st_mtimespec
        #else
        st_mtim
        #endif
    }
}
