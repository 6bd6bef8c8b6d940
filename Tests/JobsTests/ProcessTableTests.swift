#if os(Linux)
import Foundation
import TestSupport
import Testing

@testable import Jobs

/// What is read from the kernel's process table, compared with processes whose shape is known.
@Suite struct ProcessTableTests {
    private let scene: ProcessScene

    init() throws { scene = try ProcessScene() }

    /// Runs a command that waits at its end, and calls with the leader's id once the file `ready` holds it.
    private func during(_ command: String, _ body: (pid_t) async throws -> Void) async throws {
        let request = scene.request(command + "\necho $$ > ready; wait; sleep 1000", grace: 0.1)
        let task = Task { await scene.runner.run(request) }
        do {
            try await body(scene.process(in: "ready"))
        } catch {
            task.cancel()
            throw error
        }
        task.cancel()
        _ = await task.value
    }

    @Test func `a record tells a process's family and start`() throws {
        let own = try #require(ProcessRecord(getpid()))
        #expect(own.id == getpid() && own.parent == getppid() && own.group == getpgrp() && own.session == getsid(0))
        #expect(!own.isZombie && own.start <= ProcessRecord.now && own.userID == getuid())
        #expect(own.environmentValue("PATH") == ProcessInfo.processInfo.environment["PATH"])
        #expect(own.environmentValue("PAT") == nil)
        #expect(ProcessRecord(-1) == nil)
    }

    @Test func `a name with blanks and parentheses confuses no record`() async throws {
        let program = scene.directory.appending("a ) b (c")
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: program)
        try await during("'\(program)' 1000 & echo $! > named") { leader in
            let named = try await scene.process(in: "named")
            try await until("the program runs") {
                (try? String(contentsOfFile: "/proc/\(named)/comm", encoding: .utf8)) == "a ) b (c\n"
            }
            #expect(ProcessRecord(named)?.parent == leader)
            #expect(ProcessRecord(named)?.session == leader)
        }
    }

    @Test func `a process started now is younger than one second`() async throws {
        try await during("true") { leader in
            let now = ProcessRecord.now
            let start = try #require(ProcessRecord(leader)?.start)
            #expect(start <= now && start + 3600 * 100 > now)
        }
    }

    @Test func `a process that has ended is a zombie until its status is taken`() async throws {
        let start = ProcessStart(arguments: ["sh", "-c", "exit 7"], environment: ["PATH": "/bin"], directory: "/")
        let id = try start.spawn(ProcessFiles())
        let leader = ProcessLeader(id: id, descriptor: -1)
        try await until("it has ended") { leader.hasEnded }
        #expect(ProcessRecord(id)?.isZombie == true)
        #expect(ProcessRecord.children(of: getpid()).ids.contains(id))
        #expect(leader.reap() == .exited(7))
        #expect(ProcessRecord(id) == nil || ProcessRecord(id)?.isZombie == false)
    }

    @Test func `the status of a process tells its signal`() async throws {
        let start = ProcessStart(
            arguments: ["/bin/sh", "-c", "kill -KILL $$"], environment: [:], directory: "/")
        let leader = ProcessLeader(id: try start.spawn(ProcessFiles()), descriptor: -1)
        try await until("it has ended") { leader.hasEnded }
        #expect(leader.reap() == .signalled(SIGKILL))
    }

    @Test func `a living process has not ended`() async throws {
        let start = ProcessStart(arguments: ["/bin/sleep", "1000"], environment: [:], directory: "/")
        let leader = ProcessLeader(id: try start.spawn(ProcessFiles()), descriptor: -1)
        #expect(!leader.hasEnded)
        try await until("it has ended") {
            // A signal that comes before the program is loaded may be ignored, as this process ignores it.
            ProcessRecord(leader.id)?.signal(SIGTERM)
            return leader.hasEnded
        }
        #expect(leader.reap() == .signalled(SIGTERM))
    }

    @Test func `a signal is not sent to a process that only has the same id`() async throws {
        try await during("sleep 1000 & echo $! > child; true") { _ in
            let child = try await scene.process(in: "child")
            #expect(!ProcessRecord.signal(SIGKILL, to: child, withToken: "another:1"))
            let token = try #require(ProcessRecord(child)?.environmentValue(LiveProcesses.tokenVariable))
            #expect(token.hasPrefix(scene.marker + ":"))
            #expect(lives(child))
            #expect(ProcessRecord.signal(SIGKILL, to: child, withToken: token))
            try await until("the child is gone") { !lives(child) }
        }
    }

    @Test func `a census counts a process and all below it`() async throws {
        try await during("sleep 1000 & sh -c 'sleep 1000 & echo $! > inner; wait' &") { leader in
            let inner = try await scene.process(in: "inner")
            let ids = ProcessRecord.subtree(of: leader, most: .max)
            #expect(ids.first == leader && ids.contains(inner) && Set(ids).count == ids.count)
            // The shell, a sleep, the inner shell and its sleep; the last command of the shell may have begun.
            #expect([4, 5].contains(ids.count))
            let census = ProcessCensus(first: nil, leader: leader, most: .max)
            #expect(census.processes >= 4)
            #expect(census.memory > 0 && census.exactMemory() > 0 && census.exactMemory() < census.memory)
            let stopped = ProcessCensus(first: nil, leader: leader, most: 2)
            #expect(stopped.processes > 2 && stopped.memory == 0)
            let source = ProcessCensus.Source(leader: leader, first: { nil }, isContained: false)
            #expect(try #require(source.count()).processes >= 4)
            let contained = ProcessCensus.Source(leader: leader, first: { nil }, isContained: true)
            #expect(contained.count() == nil && contained.cpu == 0)
            let outside = ProcessCensus.Source(leader: leader, first: { leader }, isContained: true)
            #expect(outside.count() == nil)
        }
    }

    @Test func `a census counts processor time of children that were waited for`() async throws {
        try await during("perl -e '1 while times < 0.3'") { leader in
            let census = ProcessCensus(first: nil, leader: leader, most: .max)
            #expect(census.cpu >= 0.25 && census.cpu < 60)
        }
    }

    @Test func `a census counts the deleted files of given file systems`() async throws {
        try await during("exec 3>deleted; head -c 3000000 /dev/zero >&3; rm deleted") { leader in
            let census = ProcessCensus(first: nil, leader: leader, most: .max)
            let device = try #require(PathQuery.device(scene.directory.path))
            let bytes = census.deletedFiles(on: [device])
            #expect(bytes >= 3_000_000 && bytes < 4_000_000)
            #expect(census.deletedFiles(on: [device &+ 1]) == 0)
        }
    }

    @Test func `a look signals nothing and counts what lives`() async throws {
        try await during("sleep 1000 & echo $! > child") { leader in
            let child = try await scene.process(in: "child")
            let record = try #require(ProcessRecord(leader))
            let count = record.signalSubtree(0)
            #expect([2, 3].contains(count))
            #expect(ProcessRecord.signalDescendants(of: leader, 0) == count - 1 || count == 2)
            #expect(lives(leader) && lives(child))
        }
    }
}
#endif
