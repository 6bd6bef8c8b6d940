import Foundation
import Model

/// One call of `gh`, `glab` or `git` for its output.
struct RequestTool: Sendable {
    /// The working directory.
    let folder: String
    let environment: [String: String]

    /// Seconds that a call may take: a host that does not answer must not stop a watch for ever.
    private static let patience = 120.0

    func isInstalled(_ tool: String) -> Bool {
        (environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
        }
    }

    /// Runs a command and returns what it printed.
    /// - Throws: `LandError.tool` with what it printed to standard error if it fails or takes too long.
    @discardableResult
    func run(_ command: [String]) throws -> String {
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("orchestrate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (output, errors) = (scratch.appendingPathComponent("output"), scratch.appendingPathComponent("errors"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = environment.merging(
            ["GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0"]
        ) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        let isLate = ended.wait(timeout: .now() + Self.patience) == .timedOut
        if isLate {
            process.terminate()
            process.waitUntilExit()
        }
        guard !isLate, process.terminationStatus == 0 else {
            let text = isLate ? "no answer within \(Int(Self.patience)) s" : Self.text(errors)
            throw LandError.tool(command.prefix(3).joined(separator: " "), text: OutsideText.lines(text))
        }
        return Self.text(output)
    }

    /// Runs a command that prints JSON.
    func json(_ command: [String]) throws -> JSON {
        let text = try run(command)
        do {
            return try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
        } catch {
            throw LandError.tool(command.prefix(3).joined(separator: " "), text: "it did not print JSON")
        }
    }

    private static func text(_ file: URL) -> String {
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
