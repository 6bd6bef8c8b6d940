import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Keeps a second coordinator from a plan; held until it is released or the process ends.
///
/// The kernel's `flock` decides, because it is gone with its process. The record in the file says who holds it, and
/// settles the two cases in which the kernel's word misleads: a child that has inherited the lock from a dead
/// coordinator, and a file system on which `flock` does nothing.
package struct RunLock: ~Copyable, Sendable {
    /// Who holds a lock.
    package struct Owner: Codable, Sendable, Equatable, CustomStringConvertible {
        package var process: ProcessIdentity
        package var host: String
        /// As `ProcessIdentity.scope`.
        var scope: String

        package var processID: Int32 { process.processID }
        package var description: String { "process \(process.processID) on \(host)" }

        static var current: Owner {
            Owner(process: .current, host: ProcessInfo.processInfo.hostName, scope: ProcessIdentity.scope)
        }

        /// Nil where that cannot be told from here.
        var isAlive: Bool? { scope == ProcessIdentity.scope ? process.isAlive : nil }
    }

    package let path: String
    /// The coordinator that held the lock last and ended without releasing it.
    package let staleOwner: Owner?
    private let descriptor: Int32

    /// Takes the lock of a plan.
    /// - Parameters:
    ///   - folder: the state folder, which must exist.
    ///   - plan: name of the plan.
    /// - Throws: `locked` with the owner if another coordinator holds it; `folder` if the file cannot be made.
    package init(folder: String, plan: String) throws(StoreError) {
        path = "\(folder)/\(plan).lock"
        let gate = try Self.openGate(folder)
        defer { close(gate) }

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
        // The record first: once the lock is free, whoever takes it must not take us for a crashed owner.
        ftruncate(descriptor, 0)
        // Closing alone leaves the lock with a child that is between being forked and its exec.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Gives the lock back.
    package consuming func release() {}

    /// Who holds the lock of a plan now; nil if nobody does.
    package static func owner(folder: String, plan: String) -> Owner? {
        let descriptor = open("\(folder)/\(plan).lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let owner = read(descriptor) else { return nil }
        if let isAlive = owner.isAlive { return isAlive ? owner : nil }
        // From before a reboot, or of another container: the kernel knows. Behind the gate nobody who wants the lock
        // can find it taken by this question.
        guard let gate = try? openGate(folder) else { return owner }
        defer { close(gate) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0 ? nil : owner
    }

    /// Lets one process at a time take a lock, so that nobody removes a lock file that somebody else has just made.
    private static func openGate(_ folder: String) throws(StoreError) -> Int32 {
        let gate = open(folder, O_RDONLY | O_CLOEXEC)
        guard gate >= 0 else { throw failure(folder) }
        while flock(gate, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = failure(folder)
                close(gate)
                throw error
            }
        }
        return gate
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
