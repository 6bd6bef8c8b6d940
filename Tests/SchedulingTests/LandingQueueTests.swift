import Model
import Testing

@testable import Scheduling

@Suite struct LandingQueueTests {
    private let failure = Failure(kind: .redTogether, summary: "red")

    @Test func `tasks leave the line by their place and not by their arrival`() {
        var queue = LandingQueue()
        for (index, place) in [(7, 3), (8, 1), (9, 2)] { queue.insert(index, place: place) }
        #expect(queue.lineCount == 3)
        let order = [queue.popFirst(), queue.popFirst(), queue.popFirst(), queue.popFirst()]
        #expect(order == [8, 9, 7, nil])
    }

    @Test func `a removed task is gone and the others stay in order`() {
        var queue = LandingQueue()
        for index in 1...3 { queue.insert(index, place: index) }
        let removed = [queue.remove(2), queue.remove(2)]
        #expect(removed == [true, false])
        let order = [queue.popFirst(), queue.popFirst(), queue.popFirst()]
        #expect(order == [1, 3, nil])
    }

    @Test func `candidates form a chain and are numbered from one`() {
        var queue = LandingQueue()
        let first = queue.form([1, 2], group: nil)
        let second = queue.form([3], group: 5)
        #expect(first.number == 1 && first.after == nil && first.group == nil)
        #expect(second.number == 2 && second.after == 1 && second.group == 5)
        #expect(queue.tasksAhead == 3)
        #expect(queue.checking == 2)
        queue.setStage(.passed(commits: []), at: 0)
        #expect(queue.checking == 1)
        #expect(queue.position(of: 2) == 1 && queue.position(of: 3) == nil)
        #expect(queue.hasParts(ofGroup: 5) && !queue.hasParts(ofGroup: 1))
    }

    @Test func `a landing is counted and its number is kept`() {
        var queue = LandingQueue()
        _ = queue.form([1], group: nil)
        _ = queue.form([2], group: nil)
        #expect(queue.lastLanded == nil)
        let first = queue.removeFirst()
        #expect(first.tasks == [1])
        #expect(queue.landings == 1 && queue.lastLanded == 1)
        #expect(queue.chain.map(\.number) == [2])
    }

    @Test func `a dissolved candidate takes those that are built on it along`() {
        var queue = LandingQueue()
        for index in 1...3 { _ = queue.form([index], group: nil) }
        let dissolved = queue.dissolve(from: 1)
        #expect(dissolved.map(\.number) == [2, 3])
        #expect(queue.chain.map(\.number) == [1])
        let next = queue.form([4], group: nil)
        #expect(next.number == 4)
    }

    @Test func `a suspended candidate is found by the one it was built on`() {
        var queue = LandingQueue()
        let candidate = queue.form([1], group: 3)
        _ = queue.dissolve(from: 0)
        queue.suspend(
            .init(candidate: candidate, failure: failure, culprit: TaskID("a"), base: World.id(1)), after: 9)
        #expect(!queue.isOnlyChain && !queue.isIdle)
        #expect(queue.hasFailedPart(ofGroup: 3) && !queue.hasFailedPart(ofGroup: 4))
        let (none, found) = (queue.takeSuspended(after: 8), queue.takeSuspended(after: 9))
        #expect(none.isEmpty)
        #expect(found.map(\.candidate) == [candidate])
        #expect(found.first?.red.culprit == TaskID("a"))
        #expect(queue.suspended.isEmpty && queue.isIdle)
    }

    @Test func `the queue is idle only when line, chain, groups and suspended candidates are empty`() {
        var queue = LandingQueue()
        #expect(queue.isIdle && queue.isOnlyChain)
        queue.insert(1, place: 1)
        #expect(!queue.isIdle && !queue.isOnlyChain)
        _ = queue.popFirst()
        _ = queue.form([1], group: nil)
        #expect(!queue.isIdle && queue.isOnlyChain)
        _ = queue.removeFirst()
        queue.addGroup([1], failedTogether: true, faults: 0, failure: failure)
        #expect(!queue.isIdle && !queue.isOnlyChain)
    }

    @Test func `an empty group is kept while a part of it is being checked or has failed`() {
        var queue = LandingQueue()
        queue.addGroup([], failedTogether: true, faults: 0, failure: failure)
        queue.addGroup([], failedTogether: true, faults: 0, failure: failure)
        queue.addGroup([4], failedTogether: true, faults: 0, failure: failure)
        #expect(queue.groups.map(\.number) == [1, 2, 3])
        _ = queue.form([1], group: 2)
        queue.dropEmptyGroups()
        #expect(queue.groups.map(\.number) == [2, 3])
    }

    @Test func `a group is exact until a task from outside of it lands`() {
        var queue = LandingQueue()
        queue.addGroup([1, 2], failedTogether: true, faults: 0, failure: failure)
        #expect(queue.groups[0].isExact(landings: queue.landings))
        _ = queue.form([9], group: nil)
        _ = queue.removeFirst()
        #expect(!queue.groups[0].isExact(landings: queue.landings))
        queue.groups[0].ownLandings += 1
        #expect(queue.groups[0].isExact(landings: queue.landings))
    }

    @Test func `a group that only the machine failed is never exact`() {
        let group = FailedGroup(
            number: 1, tasks: [1], failedTogether: false, faults: 1, landingsBefore: 0, failure: failure)
        #expect(!group.isExact(landings: 0))
    }

    @Test func `suspects go to the end of a group, and the others are counted as innocent`() {
        var group = FailedGroup(
            number: 1, tasks: [1, 2, 3, 4], failedTogether: true, faults: 0, landingsBefore: 0, failure: failure)
        group.putLast([])
        #expect(group.tasks == [1, 2, 3, 4] && group.innocent == 0)
        group.putLast([1, 2, 3, 4])
        #expect(group.tasks == [1, 2, 3, 4] && group.innocent == 0)
        group.putLast([1, 3])
        #expect(group.tasks == [2, 4, 1, 3] && group.innocent == 2)
        let first = group.take(1)
        #expect(first == [2])
        #expect(group.tasks == [4, 1, 3] && group.innocent == 1)
        let rest = group.take(9)
        #expect(rest == [4, 1, 3])
        #expect(group.tasks.isEmpty && group.innocent == 0)
    }
}
