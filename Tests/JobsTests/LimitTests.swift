#if os(Linux)
import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// A process that exceeds a limit is ended, and the limit is named.
@Suite struct LimitTests {
    private let place: SandboxScene

    init() throws { place = try SandboxScene() }

    /// In a sandbox and without one.
    private func run(_ command: String, _ limits: ResourceLimits, isSandboxed: Bool) async -> ProcessOutcome.Ending {
        await place.run(command, limits: limits) { if !isSandboxed { $0.sandbox = nil } }.ending
    }

    @Test(arguments: [true, false]) func `too many processes are ended`(_ isSandboxed: Bool) async {
        let ending = await run(
            "i=0; while [ $i -lt 300 ]; do sleep 100 & i=$((i+1)); done; wait", ResourceLimits(processes: 100),
            isSandboxed: isSandboxed)
        #expect(ending == .limit(.processes(100)))
    }

    @Test(arguments: [true, false]) func `too much memory is ended`(_ isSandboxed: Bool) async {
        let ending = await run(
            "perl -e '$x = \"a\" x 400_000_000; sleep 100'", ResourceLimits(memory: 200 << 20), isSandboxed: isSandboxed
        )
        #expect(ending == .limit(.memory(200 << 20)))
    }

    /// Touched by the kernel as fast as it can, in one call.
    @Test(.enabled(if: Self.isIntel, "the number of mmap is that of x86-64"), arguments: [true, false])
    func `50 GB at once`(_ isSandboxed: Bool) async {
        // Private, anonymous, without a reserve, and filled by the call itself.
        let ending = await run(
            "perl -e 'syscall(9, 0, 50 << 30, 3, 0x2 | 0x20 | 0x4000 | 0x8000, -1, 0); sleep 100'",
            ResourceLimits(memory: 1 << 30), isSandboxed: isSandboxed)
        #expect(ending == .limit(.memory(1 << 30)))
    }

    private static var isIntel: Bool {
        #if arch(x86_64)
        true
        #else
        false
        #endif
    }

    @Test(arguments: [true, false]) func `the kernel enforces limits that are not polled`(_ isSandboxed: Bool) async {
        let result = await place.run(
            "ulimit -t; ulimit -f; ulimit -c", limits: ResourceLimits(fileSize: 1 << 20, cpu: 4)
        ) { if !isSandboxed { $0.sandbox = nil } }
        #expect(result.text.split(separator: "\n") == ["5", "2048", "0"])
    }

    @Test func `memory that processes share is counted once`() async {
        let ending = await run(
            "perl -e '$x = \"a\" x 60_000_000; for (1..5) { fork or do { sleep 1; exit } } sleep 1'",
            ResourceLimits(memory: 250 << 20), isSandboxed: true)
        #expect(ending == .exited(0))
    }

    @Test(arguments: [true, false]) func `too much processor time is ended`(_ isSandboxed: Bool) async {
        let ending = await run("while :; do :; done", ResourceLimits(cpu: 1), isSandboxed: isSandboxed)
        #expect(ending == .limit(.cpu(1)))
    }

    @Test(arguments: [true, false]) func `too large a file is ended`(_ isSandboxed: Bool) async {
        let ending = await run(
            "exec head -c 3000000 /dev/zero >big", ResourceLimits(fileSize: 1 << 20), isSandboxed: isSandboxed)
        #expect(ending == .limit(.fileSize(1 << 20)))
    }

    @Test(arguments: [true, false]) func `too much disk space is ended`(_ isSandboxed: Bool) async {
        let ending = await run(
            "for i in 1 2 3 4 5 6; do head -c 10000000 /dev/zero >big$i; done; sleep 100",
            ResourceLimits(disk: 20 << 20),
            isSandboxed: isSandboxed)
        #expect(ending == .limit(.disk(20 << 20)))
    }

    @Test func `a deleted file that is open counts as disk space`() async {
        let ending = await run(
            "perl -e 'open(F, \">\", \"x\"); unlink(\"x\"); print F \"a\" x 60_000_000; close(STDOUT); sleep 100'",
            ResourceLimits(disk: 20 << 20), isSandboxed: true)
        #expect(ending == .limit(.disk(20 << 20)))
    }

    @Test func `folders in memory are limited`() async {
        let result = await place.run("head -c 100000000 /dev/zero >/run/big && echo done")
        #expect(!result.text.contains("done"))
    }

    @Test func `a limit is described in words of its size`() {
        #expect("\(ResourceLimit.memory(3 << 29))" == "it used more than 1.5 GiB of memory")
        #expect("\(ResourceLimit.disk(20 << 20))" == "it put more than 20 MiB on disk")
        #expect("\(ResourceLimit.processes(5))" == "it had more than 5 processes")
    }
}
#endif
