import Jobs
import Model
import Workers

extension Failure {
    /// Creates the failure that a worker's end reports; nil if the worker succeeded.
    ///
    /// The worker's events take precedence over its exit status: a program that hangs after its result is ended by a
    /// signal, and one that exits with 0 may have reported an error.
    ///
    /// - Parameter budget: the limits of the attempt, beside those of the worker.
    init?(ending outcome: JobOutcome, of worker: Worker, told stream: WorkerStream?, budget: AttemptBudget? = nil) {
        if let stream, let failure = Self.told(by: stream, outcome, worker) {
            self = failure
            return
        }
        let name = "worker '\(worker.name)'"
        let wait = stream.map { " while it waited for \($0.waitsFor)" } ?? ""
        switch outcome.process.ending {
        case .exited(0): return nil
        case _ where outcome.endedByWatch && stream?.result != nil: return nil
        case .exited(let status): self.init(kind: .workerExit, summary: "\(name) exited with status \(status)")
        case .signalled(let number):
            self.init(kind: .infrastructure, summary: "\(name) was ended by signal \(number)")
        case .timedOut:
            if let time = budget?.workerTime, time < worker.limits.timeout {
                self.init(kind: .budget, summary: "\(name) used up its budget of \(time.whole) s; it was ended\(wait)")
                return
            }
            self.init(
                kind: .workerTimeout,
                summary: "\(name) was still running after \(Int(worker.limits.timeout)) s; it was ended\(wait)")
        case .idle(let seconds):
            self.init(
                kind: .stuck,
                summary: "\(name) printed nothing, changed no file and used no processor for "
                    + "\(Int(worker.limits.idle ?? seconds)) s; it was ended\(wait)")
        case .limit(let limit):
            self.init(kind: .workerExit, summary: "\(name) was ended: \(limit)")
        case .outputLimit:
            self.init(kind: .workerExit, summary: "\(name) exceeded the limit on output; it was ended")
        case .cancelled: self.init(kind: .interrupted, summary: "\(name) was ended")
        case .couldNotStart(let reason):
            self.init(kind: .infrastructure, summary: "\(name) could not be started: \(reason)")
        }
    }

    /// Returns the failure that the worker's events report; nil if they report no failure.
    private static func told(by stream: WorkerStream, _ outcome: JobOutcome, _ worker: Worker) -> Failure? {
        let name = "worker '\(worker.name)'"
        if case .overLimit(let what)? = stream.reasonToEnd {
            let end = outcome.endedByWatch ? "it was ended" : "it told so only at its end"
            return Failure(kind: .budget, summary: "\(name) used up its limit of \(what); \(end)")
        }
        if outcome.endedByWatch {
            switch stream.reasonToEnd {
            case .repeating(let call, let times):
                return Failure(
                    kind: .stuck,
                    summary: "\(name) did the same thing \(times) times in a row (\(call)); it was ended")
            case .waiting(_, nil):
                return Failure(
                    kind: .infrastructure, summary: "the connection of \(name) to its provider failed repeatedly")
            case .waiting(let seconds, let status):
                return refusal(name, worker, after: seconds, status: status, message: "")
            case .finished, .overLimit, nil: break
            }
        }
        guard let result = stream.result else { return withoutResult(stream, outcome, worker) }
        let message = result.message.isEmpty ? "" : ": \(result.message.onOneLine)"
        switch result.kind {
        case .success: return nil
        case .error:
            var failure = Failure(kind: .workerExit, summary: "\(name) ended with an error\(message)")
            if result.isPermanent { failure.isDeterministic = true }
            return failure
        case .refused: return Failure(kind: .workerExit, summary: "the model of \(name) refused\(message)")
        case .stuck: return Failure(kind: .stuck, summary: "\(name) got stuck\(message)")
        case .gaveUp:
            return Failure(kind: .cannotBeDone, summary: "the model of \(name) says that it cannot be done\(message)")
        case .turnLimit: return Failure(kind: .budget, summary: "\(name) used up its turns\(message)")
        case .budgetLimit: return Failure(kind: .budget, summary: "\(name) used up its budget\(message)")
        case .unreachable:
            return Failure(kind: .infrastructure, summary: "\(name) could not reach its provider\(message)")
        case .providerLimit(let seconds):
            return refusal(
                name, worker, after: seconds ?? stream.lastRetry?.after, status: stream.lastRetry?.status,
                message: message)
        }
    }

    private static func withoutResult(_ stream: WorkerStream, _ outcome: JobOutcome, _ worker: Worker) -> Failure? {
        switch outcome.process.ending {
        case .exited(0) where stream.tellsItsEnd:
            return Failure(
                kind: .workerExit, summary: "worker '\(worker.name)' ended without saying that it was done")
        case .exited(let exit) where exit != 0:
            // The last event says that the provider takes no requests.
            guard let retry = stream.lastRetry else { return nil }
            return refusal("worker '\(worker.name)'", worker, after: retry.after, status: retry.status, message: "")
        default: return nil
        }
    }

    private static func refusal(
        _ name: String, _ worker: Worker, after seconds: Double?, status: Int?, message: String
    ) -> Failure {
        let code = status.map { " (\($0))" } ?? ""
        return Failure(
            kind: .providerLimit, summary: "the provider of \(name) took no requests\(code)\(message)",
            retryAfter: seconds, provider: worker.provider)
    }

    private static let exit = "cannot be done because"

    /// Returns the failure of a worker that changed nothing and said why the task cannot be done; the same failure
    /// otherwise.
    /// - Parameter said: what the worker said at its end.
    func asExit(said: String) -> Failure {
        guard kind == .noChange else { return self }
        for line in said.split(whereSeparator: \.isNewline) {
            guard let range = line.lowercased().firstRange(of: Self.exit) else { continue }
            let offset = line.lowercased().distance(from: line.lowercased().startIndex, to: range.lowerBound)
            let reason = line.dropFirst(offset + Self.exit.count)
            return Failure(
                kind: .cannotBeDone, summary: "the worker says that it \(Self.exit)\(String(reason).shortened(to: 300))"
            )
        }
        return self
    }

    /// Returns the failure with details from the worker's events: the denied tools, and the worker's last text if it
    /// changed nothing.
    func withEvents(of stream: WorkerStream?) -> Failure {
        guard let stream else { return self }
        var failure = self
        var lines: [String] = []
        if !stream.denied.isEmpty {
            lines.append("denied tools: \(stream.denied.joined(separator: ", "))")
        }
        if failure.kind == .noChange, !stream.lastText.isEmpty {
            lines.append("it said: \(stream.lastText.onOneLine.shortened(to: 400))")
        }
        guard !lines.isEmpty else { return failure }
        failure.detail = ([failure.detail] + lines).filter { !$0.isEmpty }.joined(separator: "\n")
        return failure
    }
}
