#if os(Linux)
import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// A process scene with a slot to write to, a home with secrets, and an unrelated folder.
struct SandboxScene {
    let scene: ProcessScene
    let slot: String
    let home: String
    let elsewhere: String

    init() throws {
        scene = try ProcessScene()
        slot = try scene.directory.makeDirectory("state/slot/tree")
        home = try scene.directory.makeDirectory("home")
        elsewhere = try scene.directory.makeDirectory("elsewhere")
        try "key".write(toFile: home + "/secret", atomically: true, encoding: .utf8)
        try "mine".write(toFile: elsewhere + "/file", atomically: true, encoding: .utf8)
    }

    /// Runs a command and returns its ending and its output.
    func run(
        _ command: String, network: Network = .none, limits: ResourceLimits = ResourceLimits(),
        timeout: Double = 600, change: (inout ProcessRequest) -> Void = { _ in }
    ) async -> (ending: ProcessOutcome.Ending, text: String) {
        var request = scene.request(
            command, timeout: timeout, environment: ["PATH": "/usr/bin:/bin", "HOME": home, "OUT": elsewhere])
        request.directory = slot
        request.sandbox = Sandbox(writable: [slot], network: network)
        request.limits = limits
        change(&request)
        let outcome = await scene.runner.run(request)
        return (outcome.ending, scene.text("log"))
    }
}
#endif
