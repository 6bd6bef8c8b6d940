import Jobs
import Model
import TestSupport
import Testing

@testable import Workers

struct WorkerProbeTests {
    @Test func `a program that is slow is not called missing`() async throws {
        let scratch = try ScratchDirectory("probe")
        func ask(_ command: String, timeout: Double) async -> WorkerStatus? {
            var worker = Worker(name: "w", run: "true")
            worker.probe = command
            worker.login = "true"
            let probe = WorkerProbe(
                runner: ProcessRunner(marker: scratch.path),
                environment: BaseEnvironment(coordinator: ["PATH": "/usr/bin:/bin"]),
                scratch: scratch.path, timeout: timeout)
            return await probe.ask([(worker, "/workers/w")]).first
        }
        let silent = await ask("sleep 600", timeout: 0.5)
        #expect(silent?.isFound == nil && silent?.problem == "did not answer in 0.5 s" && silent?.isLoggedIn == nil)
        let missing = await ask("no-such-program --version", timeout: 60)
        #expect(missing?.isFound == false && missing?.problem == nil)
        let found = await ask("echo 1.2", timeout: 60)
        #expect(found?.isFound == true && found?.version == "1.2" && found?.isLoggedIn == true)
        #expect(WorkerProbe.standardTimeout >= 30)
    }
}
