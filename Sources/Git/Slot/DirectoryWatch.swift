#if canImport(Glibc)
import Glibc

/// A watch of the directories of a slot's checkout, by inotify.
///
/// Sees every change that a process makes under the watched name of a file, also through a mapping of the file: whoever
/// maps it has opened it. It does not see a change through another name, so a slot in which a hard link may have been made
/// is read in full. So is one of whose events some were lost, and one with more directories than the user may watch.
///
/// The slot's own writes are among the events. They cost a look at what was written, and nothing is lost between them.
final class DirectoryWatch {
    /// What was touched since the last `take`; nil if that is not known.
    private var touched: TouchedPaths?
    private var descriptor: Int32 = -1
    private var paths: [Int32: RawPath] = [:]
    private var numbers: [RawPath: Int32] = [:]
    /// The directories of the worker's repository.
    private var repository: Set<Int32> = []
    private var isRepositoryTouched = true
    private var isExhausted = false
    private var added = 0

    private static let events = UInt32(
        IN_OPEN | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
            | IN_DELETE_SELF | IN_MOVE_SELF)
    /// A scan opens every directory. The queue is read so often that this does not fill it.
    private static let scanned = 512
    /// A slot may have this part of the watches of the user, who has editors, too.
    private static let share = 16
    private static let limit =
        FileSystem.text("/proc/sys/fs/inotify/max_user_watches").flatMap { Int($0) }.map { $0 / share } ?? 0

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Returns what was touched since the last call, or nil if that is not known; and counts anew.
    func take() -> TouchedPaths? {
        read()
        defer { touched = descriptor >= 0 ? TouchedPaths() : nil }
        return touched
    }

    /// Returns what was touched since the last `take`.
    func look() -> TouchedPaths? {
        read()
        return touched
    }

    /// Forgets what was touched: a change may have been missed.
    func forget() {
        touched = nil
        isRepositoryTouched = true
    }

    /// Begins anew, without watches, before a scan of everything; unless the watches still stand.
    func restart() {
        if descriptor >= 0 { return }
        added = 0
        descriptor = isExhausted ? -1 : inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        touched = descriptor >= 0 ? TouchedPaths() : nil
    }

    func watches(_ path: RawPath) -> Bool { numbers[path] != nil }

    /// Watches a directory. To be called before its files are looked at.
    func add(_ directory: borrowing Directory, at path: RawPath) {
        guard descriptor >= 0, numbers[path] == nil else { return }
        let number =
            numbers.count < Self.limit
            ? inotify_add_watch(descriptor, "/proc/self/fd/\(directory.descriptor)", Self.events) : -1
        guard number >= 0 else {
            isExhausted = true
            stop()
            return
        }
        if let old = paths[number] { numbers[old] = nil }
        paths[number] = path
        numbers[path] = number
        added += 1
        if added % Self.scanned == 0 { read() }
    }

    /// Whether nothing was read or written in the worker's repository since `settleRepository`.
    var knowsRepository: Bool {
        read()
        return descriptor >= 0 && !isRepositoryTouched
    }

    /// Has the worker's repository made anew by the next move.
    func distrustRepository() { isRepositoryTouched = true }

    /// Watches the worker's repository, which the slot has just written, and forgets what the slot did there.
    /// - Parameter directories: absolute paths; nil if they are watched already.
    func settleRepository(_ directories: [String]?) {
        guard descriptor >= 0 else { return }
        if let directories {
            for number in repository { inotify_rm_watch(descriptor, number) }
            let numbers = directories.map { inotify_add_watch(descriptor, $0, Self.events | UInt32(IN_ONLYDIR)) }
            repository = Set(numbers)
            if numbers.contains(where: { $0 < 0 }) { return }
        }
        read()
        isRepositoryTouched = false
    }

    /// Ends all watches.
    func stop() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        paths = [:]
        numbers = [:]
        repository = []
        isRepositoryTouched = true
        touched = nil
    }

    private func read() {
        guard descriptor >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while descriptor >= 0 {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                if count < 0, errno == EAGAIN { return }
                return stop()
            }
            buffer.withUnsafeBytes { bytes in
                var place = 0
                while place < count, descriptor >= 0 {
                    let event = bytes.loadUnaligned(fromByteOffset: place, as: inotify_event.self)
                    let start = place + MemoryLayout<inotify_event>.size
                    place = start + Int(event.len)
                    note(event, name: UnsafeRawBufferPointer(rebasing: bytes[start..<place]).prefix { $0 != 0 })
                }
            }
        }
    }

    private func note(_ event: inotify_event, name: Slice<UnsafeRawBufferPointer>) {
        let mask = Int(event.mask)
        func has(_ bits: Int) -> Bool { mask & bits != 0 }
        // The names of moved directories are not known any more.
        if has(Int(IN_Q_OVERFLOW) | Int(IN_UNMOUNT)) { return stop() }
        let isDirectory = has(Int(IN_ISDIR))
        let isChange = !has(Int(IN_OPEN)) || !isDirectory
        if repository.contains(event.wd) {
            if isChange { isRepositoryTouched = true }
            return
        }
        guard let directory = paths[event.wd] else { return }
        if has(Int(IN_IGNORED)) {
            paths[event.wd] = nil
            numbers[directory] = nil
            return
        }
        if has(Int(IN_DELETE_SELF) | Int(IN_MOVE_SELF)) {
            // The watch of the parent tells of all others.
            if directory.isEmpty { stop() }
            return
        }
        if name.isEmpty {
            if has(Int(IN_ATTRIB)) { touched?.add(directory: directory) }
            return
        }
        if directory.isEmpty, name.elementsEqual(".git".utf8) {
            if isChange { isRepositoryTouched = true }
            return
        }
        let path = directory.appending(name)
        if has(Int(IN_CREATE) | Int(IN_DELETE) | Int(IN_MOVED_FROM) | Int(IN_MOVED_TO)) {
            touched?.add(name: path)
            touched?.add(directory: directory)
            if isDirectory { unwatch(path) }
        } else if !isDirectory {
            touched?.add(name: path)
        } else if has(Int(IN_ATTRIB)) {
            touched?.add(directory: path)
        }
    }

    /// Ends the watches of a directory that has another name now, and of those below.
    private func unwatch(_ path: RawPath) {
        guard numbers[path] != nil else { return }
        for (other, number) in numbers where other == path || other.isBelow(path) {
            inotify_rm_watch(descriptor, number)
            numbers[other] = nil
            paths[number] = nil
        }
    }
}
#else
/// Where directories cannot be watched, what was touched is never known.
final class DirectoryWatch {
    func take() -> TouchedPaths? { nil }
    func look() -> TouchedPaths? { nil }
    func forget() {}
    func stop() {}
    func restart() {}
    var knowsRepository: Bool { false }
    func distrustRepository() {}
    func settleRepository(_ directories: [String]?) {}
    func watches(_ path: RawPath) -> Bool { false }
    func add(_ directory: borrowing Directory, at path: RawPath) {}
}
#endif
