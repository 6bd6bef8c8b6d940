import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A lock that keeps a second coordinator from a plan, until it is released or the process ends.
///
/// The kernel's `flock` decides, because it ends with its process. The record in the file names the owner, and covers the
/// two cases in which `flock` misleads: a child that inherited the lock from a dead coordinator, and a file system on
/// which `flock` does nothing.
package struct RunLock: ~Copyable, Sendable {
    /// The process that holds a lock.
    package struct Owner: Codable, Sendable, Equatable, CustomStringConvertible {
        package var process: ProcessIdentity
        package var host: String
        /// The owner's `ProcessIdentity.scope`.
        var scope: String

        package var processID: Int32 { process.processID }
        package var description: String { "process \(process.processID) on \(host)" }

        static var current: Owner {
            Owner(process: .current, host: ProcessInfo.processInfo.hostName, scope: ProcessIdentity.scope)
        }

        /// Whether the owner is alive; nil if it runs in another scope.
        var isAlive: Bool? { scope == ProcessIdentity.scope ? process.isAlive : nil }
    }

    package let path: String
    /// The coordinator that held the lock last, if it ended without releasing it.
    package let staleOwner: Owner?
    private let descriptor: Int32

    /// Takes the lock of a plan.
    /// - Parameters:
    ///   - folder: the state folder, which must exist.
    ///   - plan: name of the plan.
    /// - Throws: `locked` with the owner if another coordinator holds it; `folder` if the file cannot be made.
    package init(folder: String, plan: String) throws(StoreError) {
        path = "\(folder)/\(plan).lock"
        let gate = try FolderGate.enter(folder)
        defer { FolderGate.leave(gate) }

        var descriptor = try Self.openLock(path)
        let recorded = Self.read(descriptor)
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard let recorded, recorded.isAlive == false else {
                close(descriptor)
                throw .locked(path: path, plan: plan, owner: recorded)
            }
            close(descriptor)
            unlink(path)
            descriptor = try Self.openLock(path)
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw .locked(path: path, plan: plan, owner: nil)
            }
        } else if let recorded, recorded.isAlive == true, recorded.process != .current {
            close(descriptor)
            throw .locked(path: path, plan: plan, owner: recorded)
        }
        guard Self.write(.current, to: descriptor) else {
            let error = Self.failure(path)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        staleOwner = recorded
    }

    deinit {
        // Clear the record first: the next owner of the lock must not mistake this process for a crashed one.
        ftruncate(descriptor, 0)
        // Closing alone would leave the lock with a child between fork and exec.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Releases the lock.
    package consuming func release() {}

    /// Names of the plans whose lock has an owner now, sorted.
    package static func heldPlans(in folder: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".lock") }.map { String($0.dropLast(5)) }.sorted()
            .filter { owner(folder: folder, plan: $0) != nil }
    }

    /// The present owner of the lock of a plan; nil if the lock is free.
    package static func owner(folder: String, plan: String) -> Owner? {
        let descriptor = open("\(folder)/\(plan).lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let owner = read(descriptor) else { return nil }
        if let isAlive = owner.isAlive { return isAlive ? owner : nil }
        // The record is from before a reboot or from another container, so ask the kernel. The gate keeps others from taking
        // the lock at the same moment and finding it held by this question.
        guard let gate = try? FolderGate.enter(folder) else { return owner }
        defer { FolderGate.leave(gate) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0 ? nil : owner
    }

    private static func openLock(_ path: String) throws(StoreError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        return descriptor
    }

    private static func read(_ descriptor: Int32) -> Owner? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return try? JSONDecoder().decode(Owner.self, from: Data(buffer[..<count]))
    }

    private static func write(_ owner: Owner, to descriptor: Int32) -> Bool {
        guard let data = try? JSONEncoder().encode(owner), ftruncate(descriptor, 0) == 0 else { return false }
        return data.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == data.count
    }

    private static func failure(_ path: String) -> StoreError {
        .folder(path: path, detail: String(cString: strerror(errno)))
    }
}
