import Foundation
import Model

extension KubernetesExecutor {
    /// Tries to start a job that was lost before it had its order.
    private static let tries = 3
    /// Tries to hand an order over.
    private static let handovers = 5
    /// Seconds that the reason of a container that cannot start may pass by itself.
    private static let blockedPatience: Double = 90
    /// Seconds that a cluster may give no answer.
    private static let patience: Double = 600
    /// Seconds after which the reason of a wait is told.
    private static let quietTime: Double = 5

    package func submit(
        _ job: Submission, waiting: @escaping @Sendable (String) -> Void
    ) async throws(ExecutorFault) -> Ticket {
        try await takeRoom()
        var job = job
        // The pods have these values by reference, so they do not travel.
        let own = Set(pods.secrets.map(\.variable))
        job.order.environment = job.order.environment.filter { !own.contains($0.key) }
        let name = Ticket.name(of: job.order)
        do throws(ExecutorFault) {
            try await start(manifest(of: job, name: name), job, waiting: waiting)
            return Ticket(job: name, machine: name)
        } catch {
            // Not in this task, which may be cancelled.
            await Task { try? await delete(name) }.value
            room.giveBack(0)
            throw error
        }
    }

    private func takeRoom() async throws(ExecutorFault) {
        while !Task.isCancelled {
            if case .machine = room.take() { return }
            // A slot may become free at any moment, and nothing is lost by looking a little late.
            try? await Task.sleep(for: .milliseconds(20))
        }
        throw .unreachable(machine: settings.name, detail: "cancelled")
    }

    private func manifest(of job: Submission, name: String) -> PodManifest {
        let order = job.order
        return PodManifest(
            settings: settings, pods: pods, name: name, resources: job.resources.completed(by: settings.resources),
            seconds: order.seconds + SlurmCommands.reserve,
            annotations: [
                PodManifest.tokenKey: order.token, "orchestrate/task": order.folder,
                "orchestrate/run-name": "\(order.run)",
            ], attempt: order.attempt?.number)
    }

    private func start(
        _ manifest: PodManifest, _ job: Submission, waiting: @Sendable (String) -> Void
    ) async throws(ExecutorFault) {
        var reason = ""
        for _ in 0..<Self.tries where !Task.isCancelled {
            try await create(manifest, token: job.order.token)
            switch try await started(manifest.name, waiting: waiting) {
            case .pod(let pod):
                try await handOver(job, manifest.name, pod: pod)
                return
            case .lost(let why):
                // Nothing has run, so it may be started again under the same name, once the old pod is gone.
                reason = why
                let ticket = Ticket(job: manifest.name, machine: manifest.name)
                try await cancel(ticket)
            }
        }
        throw .unreachable(machine: settings.name, detail: Task.isCancelled ? "cancelled" : reason)
    }

    /// Creates the Job, unless it is there already: an answer of the cluster may have been lost.
    func create(_ manifest: PodManifest, token: String) async throws(ExecutorFault) {
        let data: Data
        do {
            data = try manifest.json()
        } catch {
            throw .refused(machine: settings.name, reason: "the Job cannot be written: \(error)")
        }
        let end = ContinuousClock.now + .seconds(Self.patience)
        while true {
            do throws(Kubectl.Fault) {
                _ = try await kubectl.run(
                    ["create", "--validate=strict", "--filename", "-", "--output", "name"], input: data)
                return
            } catch {
                switch error {
                case .exists:
                    try await checkToken(manifest.name, token)
                    return
                case .unreachable where ContinuousClock.now < end && !Task.isCancelled:
                    try? await Task.sleep(for: .seconds(2))
                default: throw error.onMachine(settings.name)
                }
            }
        }
    }

    private func checkToken(_ name: String, _ token: String) async throws(ExecutorFault) {
        do throws(Kubectl.Fault) {
            let known = try await watch.reading(since: .now, run: PodManifest.run(of: name)).token(of: name)
            if let known, known != token {
                throw Kubectl.Fault.refused("a Job \(name) of another attempt is there")
            }
        } catch {
            throw error.onMachine(settings.name)
        }
    }

    enum Start {
        case pod(String)
        /// It ended before it had its order.
        case lost(String)
    }

    /// Waits until the container of a job runs.
    ///
    /// - Parameters:
    ///   - patience: seconds; nil for the deadline of the Job.
    ///   - waiting: is told why the pod waits.
    func started(
        _ name: String, patience: Double? = nil, waiting: @Sendable (String) -> Void
    ) async throws(ExecutorFault) -> Start {
        let start = ContinuousClock.now
        var (lastAnswer, lastReason, blocked) = (start, "", nil as ContinuousClock.Instant?)
        while !Task.isCancelled {
            if let patience, ContinuousClock.now - start > .seconds(patience) {
                throw .refused(
                    machine: settings.name, reason: "no pod started in \(Int(patience)) s\(lastReason)")
            }
            let reading: PodReading
            do throws(Kubectl.Fault) {
                reading = try await watch.reading(since: .now, run: PodManifest.run(of: name))
                lastAnswer = .now
            } catch {
                guard case .unreachable = error, ContinuousClock.now - lastAnswer < .seconds(Self.patience) else {
                    throw error.onMachine(settings.name)
                }
                continue
            }
            switch reading.state(of: name) {
            case .running(let pod): return .pod(pod)
            case .waiting(let reason):
                blocked = nil
                lastReason = reason.map { ": \($0)" } ?? ""
                if let reason, ContinuousClock.now - start > .seconds(Self.quietTime) { tell(reason, waiting) }
            case .silent: blocked = nil
            case .blocked(let reason, let isFinal):
                let since = blocked ?? .now
                blocked = since
                if isFinal || ContinuousClock.now - since > .seconds(min(Self.blockedPatience, settings.lease)) {
                    throw .refused(machine: settings.name, reason: reason)
                }
            case .over(.lost(let reason)): return .lost(reason)
            case .over(.failed(_, let reason)): throw .refused(machine: settings.name, reason: reason)
            case .over: throw .refused(machine: settings.name, reason: "its pod ended early")
            }
        }
        throw .unreachable(machine: settings.name, detail: "cancelled")
    }

    private func tell(_ reason: String, _ waiting: @Sendable (String) -> Void) {
        let text = "attempts wait for executor '\(settings.name)': \(reason)"
        if isNew(text) { waiting(text) }
    }

    private func handOver(_ job: Submission, _ name: String, pod: String) async throws(ExecutorFault) {
        let scratch = FileManager.default.temporaryDirectory.path + "/orchestrate-order-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        // A pod is new, so it has no base.
        let items = try await OrderParcel.pack(job, known: MachineBases([]), scratch: scratch, machine: name)
        var last: ExecutorFault?
        for _ in 0..<Self.handovers where !Task.isCancelled {
            do throws(ExecutorFault) {
                _ = try await ask(
                    .submit(job: name, resources: JobResources(), seconds: 0), of: name, pod: pod, sending: items,
                    patience: HostCall.longPatience)
                return
            } catch {
                last = await explained(error, of: name)
                if case .refused = error { throw error }
            }
            if case .refused(let machine, let reason) = last { throw .refused(machine: machine, reason: reason) }
            try? await Task.sleep(for: .seconds(1))
        }
        throw last ?? .unreachable(machine: name, detail: "cancelled")
    }

    /// Returns the end of the pod in place of a fault of the way, if the pod has ended.
    func explained(_ fault: ExecutorFault, of job: String) async -> ExecutorFault {
        guard case .unreachable = fault,
            let reading = try? await watch.reading(since: .now, run: PodManifest.run(of: job))
        else { return fault }
        switch reading.state(of: job) {
        case .over(.failed(_, let reason)): return .refused(machine: settings.name, reason: reason)
        case .over(.lost(let reason)): return .unreachable(machine: settings.name, detail: reason)
        default: return fault
        }
    }
}
