#if os(Linux)
import Foundation
import Jobs
import TestSupport
import Testing

/// An idle process is ended, and an active one is left alone.
@Suite struct IdleTests {
    private let place: SandboxScene

    init() throws { place = try SandboxScene() }

    /// In a sandbox and without one.
    private func run(
        _ command: String, timeout: Double = 3, isSandboxed: Bool, isExcused: @escaping @Sendable () -> Bool = { false }
    ) async -> ProcessOutcome.Ending {
        await place.run(command) { request in
            request.idle = IdleRule(timeout: timeout, folders: [place.slot], isExcused: isExcused)
            if !isSandboxed { request.sandbox = nil }
        }.ending
    }

    @Test(arguments: ["sleep 600", "sleep 600 & sleep 600", "while :; do sleep 5; done", "echo x >f; exec sleep 600"])
    func `a process that only sleeps is ended`(command: String) async {
        for isSandboxed in [true, false] {
            let ending = await run(command, timeout: 0.3, isSandboxed: isSandboxed)
            guard case .idle(let seconds) = ending else {
                Issue.record("\(command), sandboxed \(isSandboxed): \(ending)")
                continue
            }
            #expect(seconds >= 0.3)
        }
    }

    /// Each goes on for more than two timeouts.
    @Test(arguments: [
        "perl -e '$end = time + 7; 1 while time < $end'", "(perl -e '$end = time + 7; 1 while time < $end') & wait",
        "for i in $(seq 70); do echo $i; sleep 0.1; done", "for i in $(seq 70); do echo $i >&2; sleep 0.1; done",
        "for i in $(seq 70); do : >file; sleep 0.1; done",
        "mkdir -p a/b; for i in $(seq 70); do : >a/b/$i; sleep 0.1; done",
    ]) func `an active process goes on`(command: String) async {
        #expect(await run(command, isSandboxed: true) == .exited(0))
        #expect(await run(command, isSandboxed: false) == .exited(0))
    }

    @Test func `an excused process goes on`() async {
        #expect(await run("sleep 1", timeout: 0.2, isSandboxed: true, isExcused: { true }) == .exited(0))
    }

    @Test func `an idle process may clean up before it ends`() async throws {
        let ending = await run(
            "trap 'echo cleaned >done; exit 0' TERM; while :; do sleep 1; done", timeout: 1.5, isSandboxed: false)
        guard case .idle = ending else { throw NeverHappened(description: "\(ending)") }
        #expect(try String(contentsOfFile: "\(place.slot)/done", encoding: .utf8) == "cleaned\n")
    }
}
#endif
