import Model
import Testing

@testable import Scheduling

/// Commands to all tasks of one class of failures.
@Suite struct ClassRetryTests {
    private let ids = (0..<12).map { TaskID("t\($0)") }

    /// A run in which all tasks have failed for good but the last one.
    private func failed(times: [Int: Int] = [:]) -> World {
        var world = World(
            ids.map { MigrationTask(id: $0, title: "", files: [$0.rawValue]) }, maxParallel: 3, attempts: [1], seed: 5)
        for (index, id) in ids.dropLast().enumerated() {
            world.fate[id] = .failing(Failure(kind: .taskCheck, summary: "way \(index)"), times: times[index] ?? 1)
        }
        world.start()
        world.run()
        world.say(.proceed)
        world.run()
        return world
    }

    /// Says what waits for the next coordinator, as a run that has finished hears it.
    private func retry(_ world: inout World, sample: Int, note: String? = "hint") {
        world.say(
            .forClass(
                .init(
                    name: "abc", tasks: Array(ids.dropLast()),
                    action: .retry(request: RetryRequest(note: note), sample: sample))))
    }

    private func count(_ world: World, _ state: TaskState) -> Int { ids.count { world.state($0) == state } }

    @Test func `the rest follows a sample that lands`() {
        var world = failed()
        #expect(count(world, .failed) == 11)
        retry(&world, sample: 5)
        world.start()
        #expect(world.answer?.text == "5 tasks of class abc tried first; 6 more follow if 4 of them land")
        #expect(count(world, .failed) == 6)
        world.run()
        #expect(count(world, .landed) == 12)
        #expect(world.answer?.text == "5 of 5 tasks of class abc landed: 6 more are tried")
        let notes = world.decisions.compactMap { decision in
            if case .start(let start) = decision { start.request?.note } else { nil }
        }
        #expect(notes == Array(repeating: "hint", count: 11))
    }

    @Test func `one failure in a sample of five does not stop the rest, two do`() {
        var one = failed(times: [0: 9])
        retry(&one, sample: 5)
        one.start()
        one.run()
        #expect(count(one, .failed) == 1)
        var two = failed(times: [0: 9, 1: 9])
        retry(&two, sample: 5)
        two.start()
        two.run()
        #expect(count(two, .failed) == 8)
        #expect(two.answer?.isAccepted == false)
        #expect(two.answer?.text == "3 of 5 tasks of class abc landed: the other 6 stay failed")
    }

    @Test func `without a sample all are tried at once`() {
        var world = failed()
        retry(&world, sample: 0)
        world.start()
        #expect(count(world, .failed) == 0)
        world.run()
        #expect(count(world, .landed) == 12)
    }

    @Test func `skipping a class gives up what is still to be done`() {
        var world = World(ids.map { MigrationTask(id: $0, title: "", files: [$0.rawValue]) }, maxParallel: 1, seed: 5)
        world.start()
        world.say(.forClass(.init(name: "abc", tasks: [ids[3], ids[4]], action: .skip)))
        #expect(world.answer?.text == "2 tasks of class abc skipped")
        world.run()
        #expect(count(world, .skipped) == 2)
        #expect(count(world, .landed) == 10)
    }
}
