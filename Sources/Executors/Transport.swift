import Foundation
import Jobs
import Model

/// The way to the program on a machine: a command that carries a request to its standard input.
protocol Transport: Sendable {
    /// Returns the command that runs the program there with arguments.
    func command(_ arguments: [String]) -> [String]
    /// Returns why a command failed if the way was at fault; nil if the program there was.
    func fault(_ outcome: ProcessOutcome, saying text: String) -> String?
}

/// This machine.
struct LocalTransport: Transport {
    let program: String

    func command(_ arguments: [String]) -> [String] { [program] + arguments }

    func fault(_ outcome: ProcessOutcome, saying text: String) -> String? {
        switch outcome.ending {
        case .exited: nil
        default: "\(outcome.ending)"
        }
    }
}

/// A machine that is reached by SSH.
struct SSHTransport: Transport {
    let host: String
    let program: String
    let options: [String]
    /// Path of the socket of the shared connection.
    let socket: String

    /// The status with which `ssh` itself fails.
    private static let ownStatus: Int32 = 255

    private var common: [String] {
        [
            "ssh", "-S", socket, "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=15", "-o",
            "ServerAliveCountMax=3", "-o", "ForwardAgent=no", "-o", "ClearAllForwardings=yes", "-T",
        ] + options
    }

    func command(_ arguments: [String]) -> [String] {
        common + ["-o", "ControlMaster=no", "--", host, remote(arguments)]
    }

    /// Returns the command that runs a text in the shell there, without the shared connection.
    func shell(_ script: String) -> [String] { common + ["-o", "ControlMaster=no", "--", host, script] }

    /// The process that keeps the shared connection open, for as long as it runs.
    var connection: [String] { common + ["-o", "ControlMaster=yes", "-N", "--", host] }

    /// The command for the shell there.
    private func remote(_ arguments: [String]) -> String {
        ([Self.word(program)] + arguments.map(Self.word)).joined(separator: " ")
    }

    /// Quotes a word for a shell; `~/` at its beginning stays the home folder.
    static func word(_ text: String) -> String {
        func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
        return text.hasPrefix("~/") ? "\"$HOME\"/\(quoted(String(text.dropFirst(2))))" : quoted(text)
    }

    func fault(_ outcome: ProcessOutcome, saying text: String) -> String? {
        switch outcome.ending {
        case .exited(Self.ownStatus): text.isEmpty ? "ssh failed" : text
        case .exited: nil
        case .timedOut: "no answer in time"
        default: "\(outcome.ending)"
        }
    }
}

/// One request to a machine, and its answer.
struct HostCall: Sendable {
    let transport: any Transport
    let machine: String
    /// Runs the commands of transports; its processes end with this program.
    let runner: ProcessRunner
    let environment: [String: String]
    let version: String
    let engine: JobEngine.Settings

    /// Seconds for an answer without files.
    static let patience: Double = 60
    /// Seconds for files to arrive, and for jobs to end.
    static let longPatience: Double = 900

    /// Asks the machine.
    ///
    /// - Parameters:
    ///   - items: files to send.
    ///   - folder: absolute path of the folder for the files of the answer; nil if none are expected.
    func ask(
        _ operation: HostRequest.Operation, sending items: [Parcel.Item] = [], into folder: String? = nil,
        patience: Double = HostCall.patience
    ) async throws(ExecutorFault) -> HostReply {
        let scratch = FileManager.default.temporaryDirectory.path + "/orchestrate-call-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        do {
            try FileManager.default.createDirectory(
                atPath: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try UntrustedFile.create("\(scratch)/in", [])
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(scratch)/in"))
            defer { try? file.close() }
            try Parcel.write(
                HostRequest(program: version, engine: engine, operation: operation), items, to: file)
        } catch {
            throw .refused(machine: machine, reason: "the request cannot be written: \(error)")
        }
        let outcome = await runner.run(
            ProcessRequest(
                command: .arguments(transport.command(["job", "host"])), directory: "/", environment: environment,
                input: .file("\(scratch)/in"), output: .separate(out: "\(scratch)/out", error: "\(scratch)/error"),
                timeout: patience))
        let said = Self.text("\(scratch)/error")
        if let detail = transport.fault(outcome, saying: said) { throw .unreachable(machine: machine, detail: detail) }
        guard outcome.succeeded else { throw .refused(machine: machine, reason: Self.reason(outcome, said)) }
        return try read("\(scratch)/out", into: folder)
    }

    private func read(_ path: String, into folder: String?) throws(ExecutorFault) -> HostReply {
        let reply: HostReply
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            reply = try Parcel.read(HostReply.self, from: file, into: folder)
        } catch let error as Parcel.Broken {
            // Half an answer is what a broken connection leaves.
            throw .unreachable(machine: machine, detail: error.description)
        } catch {
            throw .refused(machine: machine, reason: "the answer cannot be stored: \(error)")
        }
        if case .refused(let reason) = reply { throw .refused(machine: machine, reason: reason) }
        return reply
    }

    private static func text(_ path: String) -> String {
        let bytes = (try? UntrustedFile.read(path, limit: 1 << 20)) ?? []
        let lines = OutsideText.lines(String(decoding: bytes, as: UTF8.self)).split(separator: "\n")
        return String((lines.last ?? "").prefix(300))
    }

    private static func reason(_ outcome: ProcessOutcome, _ said: String) -> String {
        switch outcome.status {
        case 126, 127:
            "the program is not there; 'orchestrate executors install' brings it" + (said.isEmpty ? "" : ": \(said)")
        default: "the program failed (\(outcome.ending))" + (said.isEmpty ? "" : ": \(said)")
        }
    }
}
