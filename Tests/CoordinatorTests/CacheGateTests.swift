import Model
import Testing

@testable import Coordinator

@Suite struct CacheGateTests {
    private let key = CacheGate.Key(stage: 0, worker: "agent")

    @Test func `the first worker passes, and the others wait for its answer`() async {
        let gate = CacheGate(limit: 600)
        #expect(gate.enter(key, for: TaskID("a")) == nil)
        #expect(gate.enter(key, for: TaskID("b")) == TaskID("a"))
        #expect(gate.enter(.init(stage: 1, worker: "agent"), for: TaskID("c")) == nil)
        #expect(gate.enter(.init(stage: 0, worker: "other"), for: TaskID("d")) == nil)
        let waiting = Task { await gate.wait(key) }
        gate.open(key)
        await waiting.value
        #expect(gate.enter(key, for: TaskID("e")) == nil)
    }

    @Test func `nobody waits longer than the limit`() async {
        let gate = CacheGate(limit: 0.05)
        #expect(gate.enter(key, for: TaskID("a")) == nil)
        #expect(gate.enter(key, for: TaskID("b")) == TaskID("a"))
        await gate.wait(key)
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
