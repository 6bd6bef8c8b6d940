import Model
import Synchronization
import Testing

@testable import Coordinator

@Suite struct CacheGateTests {
    private let key = CacheGate.Key(stage: 0, worker: "agent")

    /// A clock that stands still until it is moved.
    private final class HandClock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        func move(_ seconds: Double) { instant.withLock { $0 += .seconds(seconds) } }
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
    }

    @Test func `the first worker passes, and the others wait for its answer`() async {
        let gate = CacheGate(limit: 600)
        #expect(gate.enter(key, for: TaskID("a")) == nil)
        #expect(gate.enter(key, for: TaskID("b")) == TaskID("a"))
        #expect(gate.enter(.init(stage: 1, worker: "agent"), for: TaskID("c")) == nil)
        #expect(gate.enter(.init(stage: 0, worker: "other"), for: TaskID("d")) == nil)
        let waiting = Task { await gate.wait(key) }
        gate.answered(key)
        await waiting.value
        #expect(gate.enter(key, for: TaskID("e")) == nil)
    }

    @Test func `a reviewer waits for the first answer to the same reviewer only`() {
        let gate = CacheGate(limit: 600)
        let (strict, kind) = (
            CacheGate.Key(stage: 0, worker: "agent", reviewer: "strict"),
            CacheGate.Key(stage: 0, worker: "agent", reviewer: "kind")
        )
        #expect(gate.enter(key, for: TaskID("a")) == nil)
        #expect(gate.enter(strict, for: TaskID("b")) == nil)
        #expect(gate.enter(kind, for: TaskID("c")) == nil)
        #expect(gate.enter(strict, for: TaskID("c")) == TaskID("b"))
        gate.answered(key)
        #expect(gate.enter(strict, for: TaskID("d")) == TaskID("b"))
    }

    @Test func `nobody waits longer than the limit`() async {
        let clock = HandClock()
        let gate = CacheGate(limit: 5, now: { clock.now })
        #expect(gate.enter(key, for: TaskID("a")) == nil)
        #expect(gate.enter(key, for: TaskID("b")) == TaskID("a"))
        clock.move(4.9)
        #expect(gate.enter(key, for: TaskID("c")) == TaskID("a"))
        clock.move(0.1)
        await gate.wait(key)
        #expect(gate.enter(key, for: TaskID("c")) == nil)
    }

    @Test func `the gate closes again once the provider has forgotten the prompt`() {
        let clock = HandClock()
        let gate = CacheGate(limit: 5, lifetime: 300, now: { clock.now })
        _ = gate.enter(key, for: TaskID("a"))
        gate.answered(key)
        clock.move(299)
        #expect(gate.enter(key, for: TaskID("b")) == nil)
        // Each answer is a request that has read the prompt.
        gate.answered(key)
        clock.move(299)
        #expect(gate.enter(key, for: TaskID("c")) == nil)
        clock.move(1)
        #expect(gate.enter(key, for: TaskID("d")) == nil)
        #expect(gate.enter(key, for: TaskID("e")) == TaskID("d"))
        clock.move(5)
        #expect(gate.enter(key, for: TaskID("e")) == nil)
        gate.answered(key)
        #expect(gate.enter(key, for: TaskID("f")) == nil)
    }

    @Test func `a worker that ends without an answer is waited for no longer, and the next one is the first`() async {
        let gate = CacheGate(limit: 600)
        _ = gate.enter(key, for: TaskID("a"))
        gate.ended(key, of: TaskID("b"))
        #expect(gate.enter(key, for: TaskID("b")) == TaskID("a"))
        gate.ended(key, of: TaskID("a"))
        await gate.wait(key)
        #expect(gate.enter(key, for: TaskID("b")) == nil)
        #expect(gate.enter(key, for: TaskID("c")) == TaskID("b"))
        gate.answered(key)
        gate.ended(key, of: TaskID("b"))
        #expect(gate.enter(key, for: TaskID("c")) == nil)
    }

    @Test func `a cancelled attempt does not wait`() async {
        let gate = CacheGate(limit: 600)
        _ = gate.enter(key, for: TaskID("a"))
        let waiting = Task { await gate.wait(key) }
        waiting.cancel()
        await waiting.value
    }

    @Test(arguments: [
        (Worker.PromptInput.none, Worker.Events?.some(.codex), false), (.stdin, .some(.codex), true),
        (.stdin, nil, false), (.file, .some(.plain), false), (.file, .some(.orchestrate), true),
    ])
    func `only workers that tell their answers are held`(
        _ prompt: Worker.PromptInput, _ events: Worker.Events?, _ expected: Bool
    ) {
        var worker = Worker(name: "w", run: "true", prompt: prompt)
        worker.events = events
        #expect(worker.tellsAnswers == expected)
    }
}
