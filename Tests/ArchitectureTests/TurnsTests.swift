import TestSupport
import Testing

/// What bounds the tests that start programs: how many run at the same time, and for how long.
@Suite struct TurnsTests {
    /// How many tasks have a turn.
    private actor Count {
        private var now = 0
        private(set) var most = 0
        private(set) var all = 0

        func begin() {
            now += 1
            most = max(most, now)
            all += 1
        }

        func end() { now -= 1 }
    }

    @Test func `no more turns are taken than there are, and each task gets one`() async {
        let turns = Turns(2)
        let count = Count()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await turns.take()
                    await count.begin()
                    for _ in 0..<10 { await Task.yield() }
                    await count.end()
                    turns.giveBack()
                }
            }
        }
        #expect(await count.most == 2)
        #expect(await count.all == 50)
    }

    @Test func `a process that outlives its bound is killed, and that is an error`() throws {
        let scratch = try ScratchDirectory("bound")
        let failure = #expect(throws: ScratchProcessFailure.self) {
            try run(
                "/bin/sh", ["-c", "echo begun; exec /bin/sleep 600"], in: scratch.path, environment: [:], input: [],
                limit: 2)
        }
        #expect(failure?.result.text == "begun\n" && failure?.result.status == 137)
        #expect(failure?.result.errorText == "killed by the test after 2.0 s\n")
    }
}
