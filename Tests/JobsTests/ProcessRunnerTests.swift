import Foundation
import Jobs
import Model
import TestSupport
import Testing

@Suite struct ProcessRunnerTests {
    private let scene: ProcessScene

    init() throws { scene = try ProcessScene() }

    @Test(arguments: [0, 1, 3, 127, 255]) func `the exit status is reported`(status: Int32) async {
        let outcome = await scene.runner.run(scene.request("exit \(status)"))
        #expect(outcome.ending == .exited(status))
        #expect(outcome.status == status)
        #expect(outcome.succeeded == (status == 0))
    }

    @Test func `a signal from outside is reported`() async {
        let outcome = await scene.runner.run(scene.request("kill -SEGV $$"))
        #expect(outcome.ending == .signalled(SIGSEGV))
        #expect(outcome.status == 128 + SIGSEGV)
    }

    @Test func `output and errors go to one file in their order`() async {
        _ = await scene.runner.run(scene.request("echo one; echo two >&2; echo three"))
        #expect(scene.text("log") == "one\ntwo\nthree\n")
    }

    @Test func `output and errors can go to separate files`() async {
        var request = scene.request("echo event; echo trouble >&2")
        request.output = .separate(out: scene.directory.appending("transcript"), error: scene.log)
        _ = await scene.runner.run(request)
        #expect(scene.text("transcript") == "event\n")
        #expect(scene.text("log") == "trouble\n")
    }

    @Test func `nothing of the environment is inherited`() async {
        _ = await scene.runner.run(
            scene.request("env -u PWD -u SHLVL -u _", environment: ["A": "b c", "PATH": "/usr/bin:/bin"]))
        let lines = scene.text("log").split(separator: "\n").sorted()
        #expect(lines.count == 3)
        #expect(lines.first == "A=b c")
        #expect(lines.dropFirst().first?.hasPrefix("ORCHESTRATE_JOB_TOKEN=\(scene.marker):") == true)
    }

    @Test func `standard input is empty by default`() async {
        let outcome = await scene.runner.run(scene.request("cat; echo end"))
        #expect(outcome.ending == .exited(0))
        #expect(scene.text("log") == "end\n")
    }

    @Test func `standard input can be a file`() async throws {
        try "to do\n".write(toFile: scene.directory.appending("prompt"), atomically: true, encoding: .utf8)
        var request = scene.request("cat")
        request.input = .file(scene.directory.appending("prompt"))
        _ = await scene.runner.run(request)
        #expect(scene.text("log") == "to do\n")
    }

    @Test func `a process leads its own session and cannot reach a terminal`() async throws {
        let request = scene.request("(: < /dev/tty) || echo none > terminal; echo $$ > id; sleep 1000", grace: 0.2)
        let task = Task { await scene.runner.run(request) }
        let id = try await scene.process(in: "id")
        #expect(getsid(id) == id)
        #expect(scene.text("terminal") == "none\n")
        task.cancel()
        _ = await task.value
    }

    @Test func `resource usage is measured`() async throws {
        let outcome = await scene.runner.run(scene.request("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"))
        #if os(Linux)
        #expect(try #require(outcome.processorSeconds) > 0)
        #expect(try #require(outcome.peakMemory) > 100_000)
        #endif
        #expect(outcome.seconds > 0)
    }

    @Test func `a program is found by the path it is given`() async throws {
        try scene.directory.addProgram("tool", "echo \"$@\"")
        var request = scene.request("", environment: ["PATH": scene.directory.path + ":/bin"])
        request.command = .arguments(["tool", "a b", "$c"])
        let outcome = await scene.runner.run(request)
        #expect(outcome.ending == .exited(0))
        #expect(scene.text("log") == "a b $c\n")
    }

    @Test func `a command longer than the longest argument is run`() async {
        let words = String(repeating: "0123456789", count: 30_000)
        let outcome = await scene.runner.run(scene.request("x=\(words); echo ${#x}"))
        #expect(outcome.ending == .exited(0))
        #expect(scene.text("log") == "300000\n")
    }

    @Test func `many runs at once each get their own outcome`() async {
        let outcomes = await withTaskGroup(of: (Int32, ProcessOutcome).self) { group in
            for number in Int32(0)..<64 {
                group.addTask {
                    var request = scene.request("exit \(number)")
                    request.output = .combined(scene.directory.appending("log-\(number)"))
                    return (number, await scene.runner.run(request))
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1.ending }
        }
        for number in Int32(0)..<64 { #expect(outcomes[number] == .exited(number)) }
    }
}
