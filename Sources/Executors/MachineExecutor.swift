import Foundation
package import Jobs
package import Model
import Synchronization

/// An executor over machines that run our program: this one, machines behind SSH, and the one with `sbatch` of Slurm.
package final class MachineExecutor: Executor {
    package let settings: ExecutorSettings

    struct Machine: Sendable {
        let call: HostCall
        let slots: Int
    }

    struct State {
        /// The processes of jobs that this program runs itself, by their names.
        var own: [String: Task<Void, Never>] = [:]
        /// Those of them that have ended.
        var ended: Set<String> = []
        /// The bases that a machine has for sure.
        var bases: [Int: MachineBases] = [:]
        /// The bases that a job brings to a machine now.
        var brought: [Int: Set<ObjectID>] = [:]
        /// Ends abandoned jobs; nil if there are none.
        var ending: Task<Void, Never>?
        /// What people were told about machines that refuse.
        var told: Set<String> = []
    }

    let machines: [Machine]
    let room: MachineRoom
    let abandoned = AbandonedJobs()
    let state = Mutex(State())
    private let runner: ProcessRunner
    private let environment: [String: String]
    private let program: String

    /// - Parameters:
    ///   - version: version of this program.
    ///   - program: absolute path of this program.
    ///   - environment: the program's environment, for `ssh` and its agent.
    ///   - runner: ends its processes with this program.
    package init(
        _ settings: ExecutorSettings, version: String, program: String, environment: [String: String],
        runner: ProcessRunner
    ) {
        self.settings = settings
        self.runner = runner
        self.program = program
        self.environment = environment.filter { !$0.key.hasPrefix("ORCHESTRATE_") }
        let kinds: [ExecutorSettings.Kind: JobEngine.Settings.Kind] = [
            .local: .caller, .ssh: .process, .slurm: .slurm,
        ]
        let engine = JobEngine.Settings(
            kind: kinds[settings.kind] ?? .process, root: settings.files, environment: settings.environment,
            queue: settings.queue, options: settings.kind == .slurm ? settings.options : [])
        let hosts = settings.hosts.isEmpty ? [ExecutorSettings.Host(name: "", slots: settings.slots)] : settings.hosts
        let own = self.environment
        machines = hosts.map { host in
            let transport: any Transport =
                host.name.isEmpty
                ? LocalTransport(program: settings.program ?? program)
                : SSHTransport(
                    host: host.name, program: settings.program ?? ExecutorSettings.defaultProgram,
                    options: settings.kind == .ssh ? settings.options : [])
            let channel = HostChannel(
                transport, machine: host.name.isEmpty ? settings.name : host.name, version: version,
                hint: "'orchestrate executors install' brings the right one", runner: runner, environment: own)
            return Machine(call: HostCall(channel: channel, engine: engine), slots: host.slots)
        }
        room = MachineRoom(
            machines.map { ($0.call.machine, $0.slots) }, rate: settings.rate,
            inWaves: settings.kind == .slurm)
    }

    package func close() async {
        let ending = state.withLock { state in
            defer { state.ending = nil }
            return state.ending
        }
        ending?.cancel()
        await ending?.value
        await endAbandoned(patience: Self.lastPatience)
        let tasks = state.withLock { state in
            defer { state.own = [:] }
            return Array(state.own.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        await withDiscardingTaskGroup { group in
            for machine in machines { group.addTask { await machine.call.channel.close() } }
        }
    }

    func index(of ticket: Ticket) throws(ExecutorFault) -> Int {
        guard let index = room.index(of: ticket.machine) else {
            throw .refused(machine: ticket.machine, reason: "it is no machine of executor '\(settings.name)'")
        }
        return index
    }

    // MARK: Submitting

    /// Tries to submit before a machine counts as unreachable.
    private static let tries = 3
    /// Seconds to wait for a machine that answers.
    private static let patience: Double = 600

    package func submit(
        _ job: Submission, waiting: @escaping @Sendable (String) -> Void
    ) async throws(ExecutorFault) -> Ticket {
        let end = ContinuousClock.now + .seconds(Self.patience)
        let name = Ticket.name(of: job.order)
        var refusing: Set<Int> = []
        while true {
            let index = try await takeRoom(without: refusing, waiting)
            do throws(ExecutorFault) {
                try await submit(job, to: index)
                return Ticket(job: name, machine: machines[index].call.machine)
            } catch {
                room.giveBack(index)
                switch error {
                case .unreachable:
                    // It may have started the job all the same, whose result nobody fetches.
                    abandon(name, on: index)
                case .refused:
                    refusing.insert(index)
                    if refusing.count == machines.count { throw error }
                    let isNew = state.withLock { $0.told.insert("\(error)").inserted }
                    if isNew { waiting("\(error); the other machines of executor '\(settings.name)' go on") }
                }
                guard ContinuousClock.now < end, !Task.isCancelled else { throw error }
            }
        }
    }

    /// - Parameter refusing: machines that have refused the job.
    private func takeRoom(
        without refusing: Set<Int>, _ waiting: @Sendable (String) -> Void
    ) async throws(ExecutorFault) -> Int {
        var hasTold = false
        var deadline: ContinuousClock.Instant?
        while !Task.isCancelled {
            switch room.take(without: refusing) {
            case .machine(let index): return index
            case .full:
                deadline = nil
            case .unreachable(let reason):
                // The scheduler waits and tries again, and a machine that answers may accept the job by then.
                if !refusing.isEmpty { throw .refused(machine: settings.name, reason: reason) }
                let end = deadline ?? .now + .seconds(Self.patience)
                deadline = end
                if end < .now { throw .unreachable(machine: settings.name, detail: reason) }
                if !hasTold { waiting("no machine of executor '\(settings.name)' answers: \(reason)") }
                hasTold = true
            }
            // A slot may become free at any moment, and nothing is lost by looking a little late.
            try? await Task.sleep(for: .milliseconds(20))
        }
        throw .unreachable(machine: settings.name, detail: "cancelled")
    }

    private func submit(_ job: Submission, to index: Int) async throws(ExecutorFault) {
        let machine = machines[index]
        let scratch = FileManager.default.temporaryDirectory.path + "/orchestrate-order-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let (base, brings) = (job.order.base, await bringsBase(job.order.base, to: index))
        defer { if brings { state.withLock { _ = $0.brought[index]?.remove(base) } } }
        var last: ExecutorFault?
        for _ in 0..<Self.tries where !Task.isCancelled {
            do throws(ExecutorFault) {
                let items = try await pack(job, for: index, scratch: scratch)
                let name = Ticket.name(of: job.order)
                _ = try await machine.call.ask(
                    .submit(
                        job: name, resources: job.resources.completed(by: settings.resources),
                        seconds: job.order.seconds + SlurmCommands.reserve),
                    sending: items, patience: HostCall.longPatience)
                room.answered(index)
                state.withLock { $0.bases[index]?.insert(job.order.base) }
                if settings.kind == .local { start(name) }
                return
            } catch {
                room.failed(index, error)
                last = error
                state.withLock { $0.bases[index] = nil }
                if case .refused = error { throw error }
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
        throw last ?? .unreachable(machine: machine.call.machine, detail: "cancelled")
    }

    /// Waits while another job brings the same base to a machine: this one then comes without it.
    /// - Returns: whether this job is the one that brings it.
    private func bringsBase(_ base: ObjectID, to index: Int) async -> Bool {
        while !Task.isCancelled {
            let answer = state.withLock { state -> Bool? in
                if state.bases[index]?.contains(base) == true { return false }
                return state.brought[index, default: []].insert(base).inserted ? true : nil
            }
            if let answer { return answer }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Writes the order and what it needs, and returns the files to send.
    private func pack(_ job: Submission, for index: Int, scratch: String) async throws(ExecutorFault) -> [Parcel.Item] {
        var known = state.withLock { $0.bases[index] }
        if known == nil {
            guard case .hello(let hello) = try await machines[index].call.ask(.hello(repository: job.order.repository))
            else { throw .refused(machine: machines[index].call.machine, reason: "no answer of this program") }
            known = MachineBases(hello.bases)
            state.withLock { $0.bases[index] = known }
        }
        return try await OrderParcel.pack(
            job, known: known ?? MachineBases([]), scratch: scratch, machine: machines[index].call.machine)
    }

    /// Starts a job as a process of this program, which ends with it.
    private func start(_ job: String) {
        let root = JobHost.expanded(settings.files, environment)
        let folder = OrderFolder("\(root)/jobs/\(job)")
        let (runner, program) = (runner, settings.program ?? program)
        var variables = environment
        for entry in settings.environment {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2 { variables[parts[0]] = parts[1] }
        }
        let request = ProcessRequest(
            command: .arguments(JobEngine.command(program: program, folder: folder.path, root: root)),
            directory: "/", environment: variables, output: .combined(folder.output),
            grace: ProcessRequest.defaultGrace * 2)
        state.withLock { state in
            guard state.own[job] == nil else { return }
            state.own[job] = Task {
                _ = await runner.run(request)
                self.state.withLock { _ = $0.ended.insert(job) }
            }
        }
    }

    // MARK: Exchanging

    package func exchange(_ jobs: [Exchange]) async -> [Ticket: Exchanged] {
        await withTaskGroup(of: [(Ticket, Exchanged)].self) { group in
            for (name, jobs) in Dictionary(grouping: jobs, by: \.ticket.machine) {
                guard let index = room.index(of: name) else { continue }
                group.addTask { await self.exchange(jobs, with: index) }
            }
            var result: [Ticket: Exchanged] = [:]
            for await part in group { for (ticket, exchanged) in part { result[ticket] = exchanged } }
            return result
        }
    }

    private func exchange(_ jobs: [Exchange], with index: Int) async -> [(Ticket, Exchanged)] {
        do throws(ExecutorFault) {
            guard case .exchanged(let answers) = try await machines[index].call.ask(.exchange(jobs)),
                answers.count == jobs.count
            else { throw .refused(machine: machines[index].call.machine, reason: "no answer of this program") }
            room.answered(index)
            return zip(jobs, answers).map { ($0.ticket, withOwnProcess($1, of: $0.ticket)) }
        } catch {
            room.failed(index, error)
            return jobs.map { ($0.ticket, Exchanged(state: .unknown(reason: "\(error)"))) }
        }
    }

    /// A job of this program whose process has ended has a result, or never will.
    private func withOwnProcess(_ answer: Exchanged, of ticket: Ticket) -> Exchanged {
        guard settings.kind == .local, case .queued = answer.state else { return answer }
        let isOver = state.withLock { $0.ended.contains(ticket.job) }
        guard isOver else { return answer }
        var answer = answer
        answer.state = .lost(reason: "its process ended without a result")
        return answer
    }
}
