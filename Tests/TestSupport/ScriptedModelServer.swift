import Foundation

/// A running `scripted-model`, on a loopback port of its own; ended with its owner.
package final class ScriptedModelServer: Sendable {
    package let port: Int
    /// `http://127.0.0.1:PORT`.
    package let address: String
    /// The file of what was billed, one JSON object on each line.
    package let ledgerPath: String
    /// The folder in which request bodies are kept as they came.
    package let requestsPath: String
    private let directory: ScratchDirectory
    private let process: pid_t

    package struct NoServer: Error {
        package var output: String
    }

    /// One request as it was billed; see Tests/ScriptedModel/README.md.
    package struct Bill: Decodable, Sendable {
        package var rule: String
        package var label: String
        package var conversation: String
        package var turn: Int
        package var status: Int
        package var whole: Bool
        package var input: Int
        package var cached: Int
        package var output: Int
        package var usd: Double
        /// Seconds since 1970, when the request came and when its answer began.
        package var arrived: Double
        package var answered: Double
    }

    /// - Parameter script: JSON, as Tests/ScriptedModel/README.md describes it.
    package init(script: String) throws {
        directory = try ScratchDirectory("scripted-model")
        ledgerPath = directory.appending("ledger")
        requestsPath = directory.appending("requests")
        let (scriptPath, output) = (directory.appending("script.json"), directory.appending("output"))
        try Data(script.utf8).write(to: URL(fileURLWithPath: scriptPath))
        let program = try BuiltProgram.path(of: "scripted-model")
        process = try Self.start(
            [program, "--script", scriptPath, "--ledger", ledgerPath, "--requests", requestsPath], output: output)
        var text = ""
        let deadline = Date().addingTimeInterval(60)
        repeat {
            guard Date() < deadline else { throw NoServer(output: "no port after 60 s: \(text)") }
            usleep(2000)
            text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) != 0 { throw NoServer(output: text) }
        } while !text.hasSuffix("\n")
        guard let port = Int(text.dropLast()) else { throw NoServer(output: text) }
        self.port = port
        address = "http://127.0.0.1:\(port)"
    }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// What was billed so far.
    package func bills() throws -> [Bill] {
        let decoder = JSONDecoder()
        return try String(contentsOfFile: ledgerPath, encoding: .utf8).split(separator: "\n").map {
            try decoder.decode(Bill.self, from: Data($0.utf8))
        }
    }

    private static func start(_ arguments: [String], output: String) throws -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        #else
        var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words = arguments.map { strdup($0) } + [nil]
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        var variables = [strdup("PATH=\(path)"), nil]
        defer {
            for pointer in words + variables { free(pointer) }
        }
        var process: pid_t = 0
        let code = posix_spawn(&process, arguments[0], &actions, nil, &words, &variables)
        if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
        return process
    }
}
