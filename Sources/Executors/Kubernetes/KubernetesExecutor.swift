import Foundation
package import Jobs
package import Model
import Synchronization

/// An executor over a cluster of Kubernetes: one Job with one pod for each attempt, all through `kubectl`.
///
/// The container of a pod runs `orchestrate job pod`, which waits for its order, carries it out, and keeps the result until
/// it is fetched. Orders, messages and results go through `kubectl exec`, to the same `orchestrate job host` as on other
/// machines. So each pod is a machine of its own, and has the name of its Job.
package final class KubernetesExecutor: Executor {
    package let settings: ExecutorSettings
    let pods: PodSettings
    let kubectl: Kubectl
    let watch: PodWatch
    let room: MachineRoom
    private let version: String
    private let turns = ExchangeTurns(8)
    private let state = Mutex(State())

    private struct State {
        /// When a job is asked next, by its name.
        var due: [String: ContinuousClock.Instant] = [:]
        var faults: [String: Int] = [:]
        /// What people were told about pods that wait.
        var told: Set<String> = []
        /// Jobs that the cluster did not delete, because it did not answer.
        var abandoned: Set<String> = []
    }

    /// - Parameters:
    ///   - version: version of this program.
    ///   - environment: the program's environment, for `kubectl`.
    ///   - runner: ends its processes with this program.
    ///   - pace: seconds between two questions about all jobs, and least seconds between two questions to one pod.
    package init(
        _ settings: ExecutorSettings, pods: PodSettings, version: String, environment: [String: String],
        runner: ProcessRunner, pace: Double = 1
    ) {
        self.settings = settings
        self.pods = pods
        self.version = version
        self.pace = pace
        kubectl = Kubectl(
            pods, options: settings.options, environment: environment.filter { !$0.key.hasPrefix("ORCHESTRATE_") },
            runner: runner)
        watch = PodWatch(kubectl, pause: .seconds(pace))
        room = MachineRoom([(settings.name, settings.slots)], rate: settings.rate)
    }

    private let pace: Double

    /// Asks the program in a pod. The connection is for this request only, because a `kubectl` for each pod that waits
    /// needs much memory.
    func ask(
        _ operation: HostRequest.Operation, of job: String, pod: String, sending items: [Parcel.Item] = [],
        into folder: String? = nil, patience: Double = HostCall.patience
    ) async throws(ExecutorFault) -> HostReply {
        let channel = HostChannel(
            PodTransport(kubectl: kubectl, pod: pod, program: settings.program ?? "orchestrate"), machine: job,
            version: version, hint: "an image with the right one is needed", runner: kubectl.runner,
            environment: kubectl.environment)
        let call = HostCall(
            channel: channel,
            engine: JobEngine.Settings(kind: .pod, root: PodManifest.root(of: job, settings: settings)))
        let answer: Result<HostReply, ExecutorFault>
        do throws(ExecutorFault) {
            answer = .success(try await call.ask(operation, sending: items, into: folder, patience: patience))
        } catch {
            answer = .failure(error)
        }
        await channel.close()
        return try answer.get()
    }

    /// Returns whether people do not know a text yet.
    func isNew(_ text: String) -> Bool { state.withLock { $0.told.insert(text).inserted } }

    // MARK: Exchanging

    package func exchange(_ jobs: [Exchange]) async -> [Ticket: Exchanged] {
        await withTaskGroup(of: (Ticket, Exchanged)?.self) { group in
            for job in jobs { group.addTask { await self.exchange(job).map { (job.ticket, $0) } } }
            return await group.reduce(into: [:]) { result, part in if let part { result[part.0] = part.1 } }
        }
    }

    /// - Returns: nil if there is nothing to say about the job now.
    private func exchange(_ job: Exchange) async -> Exchanged? {
        let name = job.ticket.job
        let reading: PodReading
        do throws(Kubectl.Fault) {
            reading = try await watch.reading(since: .now - .seconds(pace), run: PodManifest.run(of: name))
        } catch {
            return Exchanged(state: .unknown(reason: "\(error.onMachine(settings.name))"))
        }
        switch reading.state(of: name) {
        case .over(let state): return Exchanged(state: state)
        case .silent(let reason): return Exchanged(state: .unknown(reason: reason))
        case .blocked(let reason, _): return Exchanged(state: .unknown(reason: reason))
        case .waiting: return nil
        case .running(let pod): return await ask(pod, job)
        }
    }

    private func ask(_ pod: String, _ job: Exchange) async -> Exchanged? {
        let name = job.ticket.job
        let isDue = state.withLock { ($0.due[name] ?? .now) <= .now }
        guard isDue || !job.inbox.isEmpty || !job.stored.isEmpty else { return nil }
        await turns.take()
        let answer = await answer(of: pod, to: job)
        await turns.giveBack()
        state.withLock { state in
            let faults: Int
            if case .unknown = answer.state { faults = (state.faults[name] ?? 0) + 1 } else { faults = 0 }
            state.faults[name] = faults
            // A job that has something to say is asked again at once, and many share the turns.
            let isQuiet = answer.news.isEmpty && answer.outbox.isEmpty && answer.state != .ended
            let pause = isQuiet ? max(pace, Double(state.due.count) / 20) * Double(1 << min(faults, 4)) : 0
            state.due[name] = .now + .seconds(pause)
        }
        return answer
    }

    private func answer(of pod: String, to job: Exchange) async -> Exchanged {
        do throws(ExecutorFault) {
            guard
                case .exchanged(let answers) = try await ask(
                    .exchange([job]), of: job.ticket.job, pod: pod, patience: HostCall.patience / 2),
                let answer = answers.first
            else { throw .refused(machine: job.ticket.machine, reason: "no answer of this program") }
            return answer
        } catch {
            return Exchanged(state: .unknown(reason: "\(error)"))
        }
    }

    // MARK: The end of a job

    package func fetch(_ ticket: Ticket, into folder: String) async throws(ExecutorFault) -> JobResult {
        let state: PodReading.State
        do throws(Kubectl.Fault) {
            state = try await watch.reading(since: .now - .seconds(pace), run: PodManifest.run(of: ticket.job))
                .state(of: ticket.job)
        } catch {
            throw error.onMachine(settings.name)
        }
        guard case .running(let pod) = state else {
            throw .refused(machine: ticket.machine, reason: "its pod does not run any more")
        }
        guard
            case .fetched(let result) = try await ask(
                .fetch(job: ticket.job), of: ticket.job, pod: pod, into: folder, patience: HostCall.longPatience)
        else { throw .refused(machine: ticket.machine, reason: "no answer of this program") }
        return result
    }

    /// Seconds for a pod to end, beside its grace.
    private static let endPatience: Double = 60
    /// Seconds to wait for a pod whose node does not answer; it ends when the node comes back.
    private static let lostPatience: Double = 3

    package func cancel(_ ticket: Ticket) async throws(ExecutorFault) {
        do throws(Kubectl.Fault) {
            try await delete(ticket.job)
            let left = try await waitUntilGone([ticket.job], run: PodManifest.run(of: ticket.job))
            if let left {
                throw Kubectl.Fault.unreachable(left)
            }
        } catch {
            throw error.onMachine(ticket.machine)
        }
    }

    package func remove(_ ticket: Ticket) async {
        // A Job that the cluster keeps ends by its deadline, and its time to live removes it.
        try? await delete(ticket.job)
        state.withLock { state in
            state.due[ticket.job] = nil
            state.faults[ticket.job] = nil
        }
        room.giveBack(0)
    }

    /// Asks the cluster to delete a Job and its pod.
    func delete(_ job: String) async throws(Kubectl.Fault) {
        do throws(Kubectl.Fault) {
            _ = try await kubectl.run(Self.deletion + ["--ignore-not-found", "job/\(job)"])
            state.withLock { _ = $0.abandoned.remove(job) }
        } catch {
            state.withLock { _ = $0.abandoned.insert(job) }
            throw error
        }
    }

    /// The Job goes after its pod, so a Job that is gone has no process any more.
    private static let deletion = ["delete", "--cascade=foreground", "--wait=false"]

    /// - Returns: why something is still there; nil if nothing is.
    func waitUntilGone(_ jobs: [String], run: String) async throws(Kubectl.Fault) -> String? {
        let start = ContinuousClock.now
        while true {
            let reading = try await watch.reading(since: .now, run: run)
            let left = jobs.filter { reading.has($0) }
            if left.isEmpty { return nil }
            let time = (ContinuousClock.now - start) / .seconds(1)
            let nodes = Set(left.compactMap { reading.lostNode(of: $0) })
            if time > Self.lostPatience, nodes.count > 0, left.allSatisfy({ reading.lostNode(of: $0) != nil }) {
                return
                    "node \(nodes.sorted().joined(separator: ", ")) does not answer; its pod ends when the node is back"
            }
            if time > Double(PodManifest.grace) + Self.endPatience {
                return "the pod of \(left.sorted().joined(separator: ", ")) is still there"
            }
        }
    }

    package func endLeftovers(of run: RunID, repository: String) async -> [String] {
        let label = PodManifest.run(of: Ticket.runPrefix(run, repository: repository))
        do throws(Kubectl.Fault) {
            _ = try await kubectl.run(
                Self.deletion + ["jobs", "--selector", "\(PodManifest.runLabel)=\(label)"])
            let names = try await watch.reading(since: .now, run: label).names
            guard let left = try await waitUntilGone(names.filter { PodManifest.run(of: $0) == label }, run: label)
            else { return [] }
            return ["jobs that an earlier coordinator left may still run: \(left)"]
        } catch {
            return ["jobs that an earlier coordinator left may still run: \(error.onMachine(settings.name))"]
        }
    }

    package func close() async {
        for job in state.withLock({ $0.abandoned.sorted() }) { try? await delete(job) }
    }
}
