import Executors
import Foundation
import Model
import Synchronization
import Testing

/// How the jobs of a run are followed.
@Suite struct RunningJobsTests {
    /// Two machines, of which one answers only when it is let go.
    private final class TwoMachines: Executor {
        let settings = ExecutorSettings(name: "two", kind: .ssh)
        private let gate = AsyncStream.makeStream(of: Never.self)
        let isLetGo = Mutex(false)

        func letGo() {
            isLetGo.withLock { $0 = true }
            gate.continuation.finish()
        }

        func exchange(_ jobs: [Exchange]) async -> [Ticket: Exchanged] {
            if jobs.contains(where: { $0.ticket.machine == "slow" }) { for await _ in gate.stream {} }
            return Dictionary(uniqueKeysWithValues: jobs.map { ($0.ticket, Exchanged(state: .ended)) })
        }

        func submit(
            _ job: Submission, waiting: @escaping @Sendable (String) -> Void
        ) async throws(ExecutorFault) -> Ticket { Ticket(job: "none", machine: "none") }

        func fetch(_ ticket: Ticket, into folder: String) async throws(ExecutorFault) -> JobResult {
            throw .refused(machine: ticket.machine, reason: "no result")
        }

        func cancel(_ ticket: Ticket) async throws(ExecutorFault) {}
        func remove(_ ticket: Ticket) async {}
        func endLeftovers(of run: RunID, repository: String) async -> [String] { [] }
        func check() async -> [MachineReport] { [] }
        func close() async {}
    }

    private let deaf = RunningJobs.Listener(
        outgoing: { [:] }, delivered: { _ in }, incoming: { Array($0.keys) }, news: { _ in })

    @Test func `a machine that answers slowly does not hold up the others`() async {
        let machines = TwoMachines()
        let running = RunningJobs(machines, pause: .milliseconds(10))
        // Ends the test if the slow machine holds up the other one.
        let bound = Task {
            try await Task.sleep(for: .seconds(60))
            machines.letGo()
        }
        async let slow = running.follow(Ticket(job: "a", machine: "slow"), deaf)
        let quick = await running.follow(Ticket(job: "b", machine: "quick"), deaf)
        #expect(quick == .ended)
        #expect(machines.isLetGo.withLock { !$0 })
        bound.cancel()
        machines.letGo()
        #expect(await slow == .ended)
    }
}
