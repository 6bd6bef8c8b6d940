import Model
import Store
import Testing

@testable import Reporting

@Suite struct RecordedPaceTests {
    @Test func `a recorded run tells how long things take and how often they fail`() throws {
        let store = SmallStore()
        var started = try SampleRun.started()
        started.landedBefore = []
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: started.tip))))
        let run = started.plan.name
        #expect(try store.reader.read { try RecordedPace.latest($0, plan: run) } == nil)
        for (number, task) in started.tasks.prefix(3).enumerated() {
            try store.land(task.id.rawValue, candidate: number + 1)
        }
        let pace = try #require(try store.reader.read { try RecordedPace.latest($0, plan: run) })
        #expect(pace.judged == 3 && pace.rejections == 0)
        #expect(pace.workerSeconds == 10 && pace.verifySeconds == 2)
        #expect(pace.attempts == [10, 10, 10] && pace.landingChecks == [2, 2, 2])
        #expect(pace.failures == 0)
        #expect(try store.reader.read { try RecordedPace.latest($0, plan: "another") } == nil)
    }
}
