import Foundation
package import Jobs
import Model

/// Runs commands in the checkout without the agent's secrets, within limits of time and output.
package struct CommandRunner: Sendable {
    private let runner: ProcessRunner
    private let directory: String
    private let environment: [String: String]
    /// Folder for output files.
    private let outputs: String

    /// The output of a command and how it ended.
    package struct Outcome: Sendable, Equatable {
        package var ending: ProcessOutcome.Ending
        /// Standard output and standard error, cut in the middle.
        package var output: String
    }

    /// Bytes of output after which a command is stopped.
    private static let outputLimit = 64 << 20

    /// - Parameters:
    ///   - directory: the checkout.
    ///   - environment: the agent's environment. Variables named in `secrets` are removed.
    ///   - outputs: a folder in the job folder.
    package init(directory: String, environment: [String: String], secrets: Set<String>, outputs: String) {
        // The coordinator recognises the agent's processes by the job's token.
        runner = ProcessRunner(marker: environment["ORCHESTRATE_JOB_TOKEN"] ?? "orchestrate-agent-\(getpid())")
        self.directory = directory
        self.environment = environment.filter { !secrets.contains($0.key) }
        self.outputs = outputs
    }

    /// - Parameters:
    ///   - timeout: seconds.
    ///   - kept: maximum bytes of output to return.
    package func run(_ command: ProcessRequest.Command, timeout: Double, kept: Int) async -> Outcome {
        let path = "\(outputs)/command.out"
        unlink(path)
        let outcome = await runner.run(
            ProcessRequest(
                command: command, directory: directory, environment: environment, output: .combined(path),
                timeout: timeout, outputLimit: Self.outputLimit, grace: 2))
        return Outcome(ending: outcome.ending, output: Self.text(path, kept: kept))
    }

    /// Runs Git in the checkout, without user configuration and without programs configured in the repository.
    package func git(_ arguments: [String], kept: Int) async -> Outcome {
        var runner = self
        runner.gitEnvironment()
        let options = ["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
        return await runner.run(.arguments(["git"] + options + arguments), timeout: 120, kept: kept)
    }

    private mutating func gitEnvironment() {
        self = CommandRunner(
            runner: runner, directory: directory,
            environment: environment.merging(
                ["GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_OPTIONAL_LOCKS": "0"]) { $1 },
            outputs: outputs)
    }

    private init(runner: ProcessRunner, directory: String, environment: [String: String], outputs: String) {
        (self.runner, self.directory, self.environment, self.outputs) = (runner, directory, environment, outputs)
    }

    private static func text(_ path: String, kept: Int) -> String {
        guard let reader = try? UntrustedFile.Reader(path) else { return "" }
        if reader.size <= kept { return Text.decoded((try? reader.read(at: 0, count: reader.size)) ?? []) }
        let head = (try? reader.read(at: 0, count: kept / 2)) ?? []
        let tail = (try? reader.read(at: reader.size - kept / 2, count: kept / 2)) ?? []
        return Text.decoded(head) + "\n[… \(reader.size - kept) bytes left out …]\n" + Text.decoded(tail)
    }
}

/// Texts for a model.
enum Text {
    static func decoded(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Cuts the middle out of a long text.
    static func cut(_ text: String, to limit: Int) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > limit else { return text }
        let half = limit / 2
        return decoded(Array(bytes.prefix(half))) + "\n[… \(bytes.count - 2 * half) bytes left out …]\n"
            + decoded(Array(bytes.suffix(half)))
    }

    /// Returns a text from outside, marked as data by a fence that does not occur in it.
    static func fenced(_ text: String) -> String {
        let text = OutsideText.lines(text)
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\n\(text)\n\(fence)"
    }

    static func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }
}
