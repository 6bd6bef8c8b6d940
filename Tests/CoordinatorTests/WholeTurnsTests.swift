import Testing

@testable import Coordinator

/// When the `affected` checks run whole.
struct WholeTurnsTests {
    private let turns = WholeTurns()

    private func isWhole(_ number: Int, after: Int? = nil, stage: Int = 0, tasks: Int = 1, every: Int = 4) -> Bool {
        turns.isWhole(.init(number: number, after: after, stage: stage, tasks: tasks), every: every)
    }

    @Test func `the first is whole, and then each fourth that lands`() {
        var whole: [Int] = []
        for number in 1...10 {
            if isWhole(number) { whole.append(number) }
            turns.landed(number)
        }
        #expect(whole == [1, 5, 9])
    }

    @Test func `all tasks of a candidate count`() {
        #expect(isWhole(1))
        turns.landed(1)
        #expect(!isWhole(2, tasks: 3))
        turns.landed(2)
        #expect(isWhole(3, tasks: 1))
    }

    @Test func `a candidate that did not land leaves the next one whole`() {
        #expect(isWhole(1))
        #expect(isWhole(2))
        turns.landed(2)
        for number in 3...5 {
            #expect(!isWhole(number))
            turns.landed(number)
        }
        #expect(isWhole(6))
        #expect(isWhole(7))
        turns.landed(7)
        #expect(!isWhole(8))
    }

    @Test func `a candidate in a chain counts the tasks of the candidates below it`() {
        #expect(isWhole(1))
        #expect(!isWhole(2, after: 1, tasks: 2))
        #expect(!isWhole(3, after: 2, tasks: 1))
        #expect(isWhole(4, after: 3, tasks: 1))
        #expect(!isWhole(5, after: 4, tasks: 1))
        turns.landed(1)
        turns.landed(2)
        // It was built on the one that has landed meanwhile.
        #expect(!isWhole(6, after: 2, tasks: 1))
        // Nobody knows what it is built on.
        #expect(isWhole(7, after: 1, tasks: 1))
    }

    @Test func `each stage has its own turns`() {
        #expect(isWhole(1))
        turns.landed(1)
        #expect(isWhole(2, stage: 1))
        #expect(isWhole(3, after: 1, stage: 1))
        #expect(!isWhole(4))
    }

    @Test func `what a whole check ran last is remembered for its stage`() {
        turns.ran(["pytest": 5, "go test": 2], stage: 0)
        turns.ran(["pytest": 4], stage: 0)
        #expect(turns.testCounts(stage: 0) == ["pytest": 4, "go test": 2])
        #expect(turns.testCounts(stage: 1).isEmpty)
    }
}
