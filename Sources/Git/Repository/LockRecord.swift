import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The lock files that this program is about to make in a repository.
///
/// A process that is killed while it changes a reference leaves the lock file of that reference, and Git then refuses every
/// change for ever. A lock file does not say whose it is, so the change is recorded first, in the file `orchestrate-locks`
/// of the Git directory. The record is under `flock`, which ends with its process: whoever finds a record that nobody
/// holds knows that its writer was killed, and removes what that one left. After a change the file is removed.
struct LockRecord {
    static let name = "orchestrate-locks"

    private let path: String
    private let descriptor: Int32

    /// Seconds to wait for another process of this program; a change takes milliseconds.
    private static let patience = 10.0
    /// Seconds between the record and the lock file that it announces, at most.
    private static let delay = 5.0

    /// Removes what a killed process has left, and records the next change.
    /// - Returns: nil where no record can be made; the change is then made without one.
    init?(in gitDirectory: String, lockFiles: [String]) {
        path = "\(gitDirectory)/\(Self.name)"
        guard let opened = Self.open(path) else { return nil }
        descriptor = opened
        Self.removeLeft(of: opened)
        guard Self.write(lockFiles.joined(separator: "\n"), to: opened) else {
            close(opened)
            return nil
        }
    }

    /// Keeps the record held by the program that is started next, for as long as that runs.
    func share() { _ = fcntl(descriptor, F_SETFD, 0) }

    func end() {
        _ = unlink(path)
        close(descriptor)
    }

    /// The lock files that a killed process has left; empty while a change is under way.
    static func left(in gitDirectory: String) -> [String] {
        let descriptor = openFile("\(gitDirectory)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return [] }
        return announced(by: descriptor).map(\.path)
    }

    /// Opens the file under its lock.
    private static func open(_ path: String) -> Int32? {
        let deadline = ContinuousClock.now + .seconds(patience)
        while ContinuousClock.now < deadline {
            let descriptor = openFile(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { return nil }
            var status = stat()
            // Without a name it is the file of a change that has just ended.
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 {
                return descriptor
            }
            close(descriptor)
            usleep(2000)
        }
        return nil
    }

    /// A lock file that is as old as the record has been made by the writer of the record, or by a Git process that ran at the
    /// same moment. That one would be done within a second.
    private static func removeLeft(of descriptor: Int32) {
        let found = announced(by: descriptor)
        guard !found.isEmpty else { return }
        Thread.sleep(forTimeInterval: 1)
        for lock in found where modified(lock.path)?.file == lock.file { unlink(lock.path) }
    }

    private static func announced(by descriptor: Int32) -> [(path: String, file: UInt64)] {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0, status.st_size < 1 << 16 else { return [] }
        let written = seconds(status)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let path = String(line)
            guard path.hasSuffix(".lock"), let found = modified(path),
                (written - 0.1...written + delay).contains(found.seconds)
            else { return nil }
            return (path, found.file)
        }
    }

    private static func modified(_ path: String) -> (seconds: Double, file: UInt64)? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return (seconds(status), UInt64(status.st_ino))
    }

    private static func seconds(_ status: stat) -> Double {
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    }
}

/// `open`, which a static function of the type would hide.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 { open(path, flags, mode) }
