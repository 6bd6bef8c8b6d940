import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// A directory and a runner for tests that start processes.
struct ProcessScene {
    let directory: ScratchDirectory
    let runner: ProcessRunner
    let marker: String

    init() throws {
        directory = try ScratchDirectory("jobs")
        marker = "test-\(UUID().uuidString)"
        runner = ProcessRunner(marker: marker)
    }

    var log: String { directory.appending("log") }

    func request(
        _ command: String, timeout: Double? = 600, outputLimit: Int? = nil, grace: Double = 10,
        environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) -> ProcessRequest {
        ProcessRequest(
            command: .shell(command), directory: directory.path, environment: environment, output: .combined(log),
            timeout: timeout, outputLimit: outputLimit, grace: grace)
    }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: directory.appending(name)) ?? Data(), as: UTF8.self)
    }

    /// The process whose id a script has written to a file of the scene.
    func process(in name: String) async throws -> pid_t {
        try await until("\(name) holds a process id") { text(name).hasSuffix("\n") }
        return try #require(pid_t(text(name).dropLast()))
    }
}

struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}

/// Waits until a condition holds; the deadline is only there so that a broken test ends.
func until(_ what: String, _ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(600)
    while !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened(description: what) }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Whether a process lives; a zombie does not.
func lives(_ id: pid_t) -> Bool {
    guard kill(id, 0) == 0 else { return false }
    #if os(Linux)
    let stat = FileManager.default.contents(atPath: "/proc/\(id)/stat") ?? Data()
    return !String(decoding: stat, as: UTF8.self).contains(") Z ") && !stat.isEmpty
    #else
    return true
    #endif
}
