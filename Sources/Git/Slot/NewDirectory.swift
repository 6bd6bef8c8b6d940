#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The mode, owner and extended attributes that a new directory of a slot gets.
///
/// A directory that a worker or a check has changed is given them again, with the present time as its time.
struct NewDirectory {
    private let status: stat
    private let attributes: Set<String>
    /// A directory with an earlier change time has not been changed; nil if every directory may have been.
    private let since: FileState?

    /// - Parameter control: a directory on the slot's file system that only the coordinator writes to.
    init(in control: String, since: FileState?) throws(GitError) {
        let path = "\(control)/new"
        rmdir(path)
        guard mkdir(path, 0o777) == 0, let directory = Directory(path: path), let status = directory.ownStatus else {
            throw .fileSystem(operation: "make the directory", path: path, code: errno)
        }
        self.status = status
        attributes = Set(directory.attributeNames)
        self.since = since
        rmdir(path)
    }

    /// Whether a directory may have been changed.
    func mayDiffer(_ found: stat, mode: mode_t) -> Bool {
        guard let since, found.st_uid == status.st_uid, found.st_gid == status.st_gid, found.st_mode & 0o7777 == mode
        else { return true }
        return FileState(found).isRacy(since: since)
    }

    /// - Parameters:
    ///   - path: for messages.
    ///   - mode: permission bits; nil for those of a new directory.
    func restore(_ directory: borrowing Directory, path: RawPath, mode: mode_t? = nil) throws(GitError) {
        let wanted = mode ?? status.st_mode & 0o7777
        guard let found = directory.ownStatus else {
            throw .fileSystem(operation: "look at", path: path.display, code: errno)
        }
        let hasOwner = found.st_uid == status.st_uid && found.st_gid == status.st_gid
        if hasOwner, found.st_mode & 0o7777 == wanted, let since, !FileState(found).isRacy(since: since) { return }
        let descriptor = directory.descriptor
        // A change of the owner may clear bits of the mode, and both may be part of an access control list.
        if !hasOwner, fchown(descriptor, status.st_uid, status.st_gid) != 0 {
            throw .fileSystem(operation: "change the owner of", path: path.display, code: errno)
        }
        for name in directory.attributeNames where !attributes.contains(name) { directory.removeAttribute(name) }
        if fchmod(descriptor, wanted) != 0 {
            throw .fileSystem(operation: "change the permissions of", path: path.display, code: errno)
        }
        futimens(descriptor, nil)
    }
}

extension Directory {
    /// The names of the directory's extended attributes, access control lists among them.
    var attributeNames: [String] {
        let size = Self.listAttributes(descriptor, nil, 0)
        guard size > 0 else { return [] }
        var buffer = [CChar](repeating: 0, count: size)
        let count = Self.listAttributes(descriptor, &buffer, size)
        guard count > 0 else { return [] }
        return buffer.prefix(count).split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Removes an extended attribute. Those that only the system may remove stay.
    func removeAttribute(_ name: String) {
        #if canImport(Darwin)
        _ = fremovexattr(descriptor, name, 0)
        #else
        _ = orchestrate_remove_attribute(descriptor, name)
        #endif
    }

    private static func listAttributes(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int
    {
        #if canImport(Darwin)
        flistxattr(descriptor, buffer, size, 0)
        #else
        orchestrate_list_attributes(descriptor, buffer, size)
        #endif
    }
}
