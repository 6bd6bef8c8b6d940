import Foundation
import Jobs
import Model

/// The commands of `kubectl` for one namespace of a cluster.
struct Kubectl: Sendable {
    /// Arguments that name the cluster and the namespace.
    let common: [String]
    /// The program's environment: `kubectl` finds `KUBECONFIG`, its plug-ins and proxies there.
    let environment: [String: String]
    /// Ends its processes with this program.
    let runner: ProcessRunner

    /// Why a command failed.
    enum Fault: Error, Equatable {
        /// An object with the name is there already.
        case exists
        case missing
        /// Asking again does not help; the text is for people.
        case refused(String)
        /// The cluster did not answer.
        case unreachable(String)

        /// Returns the fault for the caller of an executor.
        func onMachine(_ machine: String) -> ExecutorFault {
            switch self {
            case .exists: .refused(machine: machine, reason: "it is there already")
            case .missing: .refused(machine: machine, reason: "it is not there")
            case .refused(let reason): .refused(machine: machine, reason: reason)
            case .unreachable(let detail): .unreachable(machine: machine, detail: detail)
            }
        }
    }

    /// Seconds for an answer.
    static let patience: Double = 60

    init(_ pods: PodSettings, options: [String], environment: [String: String], runner: ProcessRunner) {
        common =
            (pods.context.map { ["--context", $0] } ?? []) + (pods.namespace.map { ["--namespace", $0] } ?? [])
            + options
        self.environment = environment
        self.runner = runner
    }

    func command(_ arguments: [String]) -> [String] { ["kubectl"] + common + arguments }

    /// Runs a command.
    ///
    /// - Parameters:
    ///   - input: for its standard input.
    ///   - accepted: exit statuses that are no fault, beside 0, if the command printed an answer.
    /// - Returns: what it printed.
    func run(
        _ arguments: [String], input: Data? = nil, accepted: Set<Int32> = []
    ) async throws(Fault) -> Data {
        let scratch = FileManager.default.temporaryDirectory.path + "/orchestrate-kubectl-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        do {
            try FileManager.default.createDirectory(
                atPath: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            if let input { try UntrustedFile.create("\(scratch)/in", Array(input)) }
        } catch {
            throw .refused("a file for kubectl cannot be written: \(error)")
        }
        let outcome = await runner.run(
            ProcessRequest(
                command: .arguments(command(["--request-timeout=\(Int(Self.patience / 2))s"] + arguments)),
                directory: "/", environment: environment,
                input: input == nil ? .closed : .file("\(scratch)/in"),
                output: .separate(out: "\(scratch)/out", error: "\(scratch)/error"), timeout: Self.patience))
        func text(_ name: String) -> [UInt8] { (try? UntrustedFile.read("\(scratch)/\(name)", limit: 512 << 20)) ?? [] }
        let answer = Data(text("out"))
        guard outcome.succeeded || (accepted.contains(outcome.status) && !answer.isEmpty) else {
            throw Self.fault(outcome.ending, saying: String(decoding: text("error").prefix(1 << 16), as: UTF8.self))
        }
        return answer
    }

    // MARK: Faults

    /// Reasons of the cluster's refusals after which the same request may succeed.
    private static let passing: Set<String> = [
        "ServiceUnavailable", "InternalError", "Timeout", "ServerTimeout", "TooManyRequests",
    ]

    /// Returns the fault of a command that failed.
    static func fault(_ ending: ProcessOutcome.Ending, saying text: String) -> Fault {
        let lines = OutsideText.lines(text).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let last = lines.last { !$0.isEmpty } ?? ""
        let words = String(last.prefix(500))
        switch ending {
        case .exited: break
        case .couldNotStart: return .refused("kubectl cannot be started; it must be in PATH")
        case .timedOut: return .unreachable("no answer in time")
        default: return .unreachable("kubectl ended (\(ending))")
        }
        guard let match = last.firstMatch(of: #/^Error from server(?: \((\w+)\))?: /#) else {
            if isNetwork(last) { return .unreachable(words) }
            // Wrong arguments, contexts and files are said with the first word, and objects that break a rule with the
            // second one.
            return last.hasPrefix("error: ") || last.contains(" is invalid: ") ? .refused(words) : .unreachable(words)
        }
        switch match.1.map(String.init) {
        case "AlreadyExists": return .exists
        case "NotFound" where !last.contains("namespaces \""): return .missing
        case .some(let reason) where passing.contains(reason): return .unreachable(words)
        case .none: return last.contains("denied the request") ? .refused(words) : .unreachable(words)
        default: return .refused(words)
        }
    }

    private static func isNetwork(_ line: String) -> Bool {
        ["dial tcp", "connection refused", "i/o timeout", "no such host", "EOF", "deadline exceeded", "error dialing"]
            .contains { line.contains($0) }
    }
}

/// The way into a pod.
struct PodTransport: Transport {
    let kubectl: Kubectl
    let pod: String
    let program: String

    func command(_ arguments: [String]) -> [String] {
        kubectl.command(["exec", "--stdin", "--container", PodManifest.container, pod, "--", program] + arguments)
    }

    func fault(_ outcome: ProcessOutcome, saying text: String) -> String? {
        switch outcome.ending {
        case .exited(0): nil
        // kubectl ends with the status of the command that ran, and says so.
        case .exited where text.contains("command terminated with exit code"): nil
        case .exited: text.isEmpty ? "kubectl exec failed" : text
        case .timedOut: "no answer in time"
        default: "\(outcome.ending)"
        }
    }
}
