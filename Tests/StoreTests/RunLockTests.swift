import Foundation
import Model
import Testing

@testable import Store

@Suite("One coordinator for a plan")
struct RunLockTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test func `a second coordinator is refused with the pid of the first, until that is done`() throws {
        let first = try RunLock(folder: scratch.path, plan: "demo")
        let stale = first.staleOwner
        #expect(stale == nil)
        #expect(RunLock.owner(folder: scratch.path, plan: "demo")?.processID == getpid())
        let error = try #require(refusal())
        guard case .locked(_, "demo", let owner) = error else { throw error }
        #expect(owner?.processID == getpid())
        #expect("\(error)".contains("process \(getpid())"))
        first.release()
        #expect(RunLock.owner(folder: scratch.path, plan: "demo") == nil)
        #expect(try staleOwner() == nil)
    }

    @Test func `another plan of the same repository is free`() throws {
        let first = try RunLock(folder: scratch.path, plan: "demo")
        #expect(refusal("other") == nil)
        #expect(refusal("demo") != nil)
        first.release()
    }

    @Test func `a killed coordinator's lock is taken over, and it is said whose it was`() throws {
        let dead = try deadProcess()
        try record(dead)
        #expect(try staleOwner()?.process == dead)
    }

    @Test func `where the kernel's lock does nothing, the record of a living process is believed`() throws {
        let started = try #require(ProcessIdentity.startTime(of: getppid()))
        try record(ProcessIdentity(processID: getppid(), started: started))
        #expect(RunLock.owner(folder: scratch.path, plan: "demo")?.processID == getppid())
        #expect(refusal() != nil)
    }

    @Test func `a pid that was given to another process since does not count as the owner`() throws {
        try record(ProcessIdentity(processID: getppid(), started: "1"))
        #expect(RunLock.owner(folder: scratch.path, plan: "demo") == nil)
        #expect(try staleOwner()?.processID == getppid())
    }

    @Test func `a lock that a dead coordinator's child still holds is taken over`() throws {
        try record(try deadProcess())
        let holder = try Holder(path: "\(scratch.path)/demo.lock")
        defer { holder.end() }
        let lock = try RunLock(folder: scratch.path, plan: "demo")
        let stale = lock.staleOwner
        #expect(stale != nil)
        #expect(refusal() != nil)
        lock.release()
    }

    @Test func `a held lock without a legible record is not taken over`() throws {
        try Data("?".utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/demo.lock"))
        let holder = try Holder(path: "\(scratch.path)/demo.lock")
        defer { holder.end() }
        #expect(refusal() == .locked(path: "\(scratch.path)/demo.lock", plan: "demo", owner: nil))
    }

    @Test func `a coordinator in another container is believed to live`() throws {
        let owner = RunLock.Owner(process: try deadProcess(), host: "elsewhere", scope: "another boot")
        try write(owner)
        let holder = try Holder(path: "\(scratch.path)/demo.lock")
        defer { holder.end() }
        #expect(RunLock.owner(folder: scratch.path, plan: "demo") == owner)
        #expect(refusal() == .locked(path: "\(scratch.path)/demo.lock", plan: "demo", owner: owner))
    }

    @Test func `a record from before a reboot does not count as an owner`() throws {
        try write(RunLock.Owner(process: .current, host: "here", scope: "another boot"))
        #expect(RunLock.owner(folder: scratch.path, plan: "demo") == nil)
        #expect(try staleOwner() != nil)
    }

    @Test(
        arguments: [
            ("7 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20", "777"),
            ("7 (a) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20", nil), ("7 (a) S 1", nil), ("", nil),
        ] as [(String, String?)])
    func `a process's start is found behind a name that holds brackets and blanks`(stat: String, expected: String?) {
        #expect(ProcessIdentity.startTime(inStat: stat) == expected)
    }

    @Test func `this process is alive, and one that was waited for is not`() throws {
        #expect(ProcessIdentity.current.isAlive)
        #expect(try !deadProcess().isAlive)
    }

    /// Takes the lock and gives it back; what it says if it cannot be had.
    private func refusal(_ plan: String = "demo") -> StoreError? {
        do {
            let lock = try RunLock(folder: scratch.path, plan: plan)
            lock.release()
            return nil
        } catch {
            return error
        }
    }

    /// Takes the lock and gives it back.
    private func staleOwner() throws -> RunLock.Owner? {
        let lock = try RunLock(folder: scratch.path, plan: "demo")
        let owner = lock.staleOwner
        lock.release()
        return owner
    }

    private func deadProcess() throws -> ProcessIdentity {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "read line"]
        let input = Pipe()
        process.standardInput = input
        try process.run()
        let started = try #require(ProcessIdentity.startTime(of: process.processIdentifier))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        return ProcessIdentity(processID: process.processIdentifier, started: started)
    }

    private func record(_ process: ProcessIdentity) throws {
        try write(RunLock.Owner(process: process, host: "here", scope: ProcessIdentity.scope))
    }

    private func write(_ owner: RunLock.Owner) throws {
        try JSONEncoder().encode(owner).write(to: URL(fileURLWithPath: "\(scratch.path)/demo.lock"))
    }
}

/// Another process that holds the kernel's lock on a file.
private final class Holder {
    private let process = Process()
    private let input = Pipe()

    init(path: String) throws {
        let output = Pipe()
        let script =
            "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print(end='.', flush=True);"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script + "sys.stdin.read()", path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try #require(output.fileHandleForReading.availableData == Data(".".utf8))
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
