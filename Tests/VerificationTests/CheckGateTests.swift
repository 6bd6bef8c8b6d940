import Synchronization
import Testing

@testable import Verification

@Suite struct CheckGateTests {
    /// Who is inside, and in which order they came.
    private final class Inside: Sendable {
        private struct State {
            var now: [String] = []
            var all: [String] = []
            var most = 0
            var exclusiveTogether = false
        }

        private let state = Mutex(State())

        func enter(_ name: String) {
            state.withLock { state in
                state.now.append(name)
                state.all.append(name)
                state.most = max(state.most, state.now.count)
                if state.now.count > 1, state.now.contains(where: { $0.hasPrefix("x") }) {
                    state.exclusiveTogether = true
                }
            }
        }

        func leave(_ name: String) { state.withLock { $0.now.removeAll { $0 == name } } }
        var all: [String] { state.withLock { $0.all } }
        var most: Int { state.withLock { $0.most } }
        var exclusiveTogether: Bool { state.withLock { $0.exclusiveTogether } }
    }

    /// Stays open until it is told to shut.
    private struct Door {
        let stream: AsyncStream<Never>
        let shut: AsyncStream<Never>.Continuation

        init() { (stream, shut) = AsyncStream.makeStream(of: Never.self) }

        func wait() async { for await _ in stream {} }
    }

    private let gate = CheckGate()
    private let inside = Inside()

    private func start(_ name: String, _ door: Door) -> Task<Bool?, Never> {
        Task { [gate, inside] in
            await gate.run(exclusive: name.hasPrefix("x")) {
                inside.enter(name)
                await door.wait()
                inside.leave(name)
                return true
            }
        }
    }

    /// The deadline is only there so that a broken gate fails instead of waiting for ever.
    private func until(_ condition: () async -> Bool) async {
        let deadline = ContinuousClock.now + .seconds(600)
        while await !condition() {
            guard ContinuousClock.now < deadline else {
                Issue.record("it never happened")
                return
            }
            await Task.yield()
        }
    }

    @Test func `ordinary checks run side by side`() async {
        let doors = [Door(), Door()]
        let tasks = [start("a", doors[0]), start("b", doors[1])]
        await until { inside.most == 2 }
        for door in doors { door.shut.finish() }
        for task in tasks { #expect(await task.value == true) }
    }

    @Test func `an exclusive check waits, runs alone and is not overtaken`() async {
        let (first, exclusive, last) = (Door(), Door(), Door())
        let a = start("a", first)
        await until { inside.all == ["a"] }
        let x = start("x", exclusive)
        await until { await gate.waitingCount == 1 }
        let b = start("b", last)
        await until { await gate.waitingCount == 2 }
        #expect(inside.all == ["a"])
        first.shut.finish()
        await until { inside.all == ["a", "x"] }
        #expect(await gate.waitingCount == 1)
        exclusive.shut.finish()
        await until { inside.all == ["a", "x", "b"] }
        last.shut.finish()
        for task in [a, x, b] { #expect(await task.value == true) }
        #expect(!inside.exclusiveTogether)
    }

    @Test func `who is cancelled while waiting gives up its place`() async {
        let (first, last) = (Door(), Door())
        let a = start("a", first)
        await until { inside.all == ["a"] }
        let x = start("x", Door())
        await until { await gate.waitingCount == 1 }
        let b = start("b", last)
        await until { await gate.waitingCount == 2 }
        x.cancel()
        #expect(await x.value == nil)
        await until { inside.all == ["a", "b"] }
        first.shut.finish()
        last.shut.finish()
        for task in [a, b] { #expect(await task.value == true) }
    }

    @Test func `who is cancelled before does not run`() async {
        let door = Door()
        let task = Task { [gate] in
            await until { Task.isCancelled }
            return await gate.run(exclusive: false) { await door.wait() } == nil
        }
        task.cancel()
        #expect(await task.value)
    }

    @Test func `a crowd of both kinds never meets`() async {
        let inside = Inside()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                let name = number % 7 == 0 ? "x\(number)" : "a\(number)"
                group.addTask { [gate] in
                    _ = await gate.run(exclusive: name.hasPrefix("x")) {
                        inside.enter(name)
                        for _ in 0..<5 { await Task.yield() }
                        inside.leave(name)
                    }
                }
            }
        }
        #expect(inside.all.count == 200)
        #expect(!inside.exclusiveTogether)
    }
}
