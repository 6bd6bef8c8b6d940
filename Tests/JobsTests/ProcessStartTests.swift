import Foundation
import Jobs
import TestSupport
import Testing

/// A failed start is reported as such, and never as an exit status of the command.
@Suite struct ProcessStartTests {
    private let scene: ProcessScene

    init() throws { scene = try ProcessScene() }

    private func reason(_ change: (inout ProcessRequest) -> Void) async throws -> String {
        var request = scene.request("true")
        change(&request)
        guard case .couldNotStart(let reason) = await scene.runner.run(request).ending else {
            throw NeverHappened(description: "could not start")
        }
        return reason
    }

    @Test func `a missing program is reported`() async throws {
        let reason = try await reason { $0.command = .arguments(["/does/not/exist"]) }
        #expect(reason.contains("/does/not/exist"))
    }

    @Test func `an empty command is reported`() async throws {
        #expect(try await reason { $0.command = .arguments([]) }.contains("empty"))
    }

    @Test func `a missing directory is reported`() async throws {
        #expect(try await reason { $0.directory = "/does/not/exist" }.contains("/does/not/exist"))
    }

    @Test func `too many arguments are reported with their size`() async throws {
        let reason = try await reason { request in
            request.command = .arguments(
                ["/bin/true"] + Array(repeating: String(repeating: "x", count: 1000), count: 9_000))
        }
        #expect(reason.contains("9009010 bytes"))
    }

    @Test func `an output path that is a symbolic link is refused`() async throws {
        let target = scene.directory.appending("target")
        try "kept".write(toFile: target, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: scene.log, withDestinationPath: target)
        #expect(try await reason { _ in }.contains("log"))
        #expect(scene.text("target") == "kept")
    }

    @Test func `an output path that is a pipe is refused`() async throws {
        mkfifo(scene.log, 0o600)
        #expect(try await reason { _ in }.contains("log"))
    }

    @Test func `a missing input is reported`() async throws {
        #expect(try await reason { $0.input = .file(scene.directory.appending("none")) }.contains("none"))
    }

    @Test func `an invalid name of a variable is refused`() async throws {
        #expect(try await !reason { $0.environment["A=B"] = "c" }.isEmpty)
    }

    @Test func `a cancelled task starts nothing`() async {
        let request = scene.request("echo started")
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await scene.runner.run(request)
        }
        task.cancel()
        #expect(await task.value.ending == .cancelled)
        #expect(scene.text("log").isEmpty)
    }
}
