#if os(Linux)
import CProcess
import Foundation
import Model
import TestSupport
import Testing

@testable import Jobs

/// What a sandbox changes about the start of a process, without starting it.
@Suite struct ConfinementTests {
    private let directory: ScratchDirectory
    private let bubblewrap = SandboxSupport(
        kind: .bubblewrap, words: [], bubblewrap: Bubblewrap(program: "/usr/bin/bwrap", closesNamespaces: true))

    init() throws { directory = try ScratchDirectory("confinement") }

    private func make(
        _ sandbox: Sandbox?, home: String? = "/home/ada", by support: SandboxSupport? = nil
    ) throws -> Confinement {
        let start = ProcessStart(
            arguments: ["tool"], environment: ["A": "b", "HOME": home].compactMapValues { $0 },
            directory: directory.path)
        return try Confinement.make(start, in: sandbox, by: support ?? bubblewrap, log: 2)
    }

    @Test func `without a sandbox nothing changes`() throws {
        let confinement = try make(nil)
        #expect(confinement.start.arguments == ["tool"] && confinement.start.directory == directory.path)
        #expect(confinement.start.environment == ["A": "b", "HOME": "/home/ada"])
        #expect(confinement.start.kept.isEmpty && confinement.start.ruleset == nil && confinement.start.filter.isEmpty)
        #expect(!confinement.isContained && confinement.hasRun && confinement.firstProcess == nil)
    }

    @Test func `a machine without any sandbox is an error with its reasons`() {
        #expect(throws: JobsError.noSandbox(["no bwrap"])) {
            try make(Sandbox(), by: SandboxSupport(kind: nil, words: ["no bwrap"]))
        }
    }

    @Test func `bubblewrap starts the command in its directory with an empty home`() throws {
        let confinement = try make(Sandbox())
        let start = confinement.start
        #expect(confinement.isContained && start.directory == "/")
        #expect(start.arguments.suffix(4) == ["--chdir", directory.path, "--", "tool"])
        #expect(start.environment == ["A": "b", "HOME": "/home/ada", "TMPDIR": "/tmp"])
        #expect(start.kept.count == 2 && start.kept.allSatisfy { fcntl($0, F_GETFD) >= 0 })
        #expect(mountsHome(start, at: "/home/ada"))
        #expect(!start.arguments.contains("--block-fd"))
    }

    private func mountsHome(_ start: ProcessStart, at path: String) -> Bool {
        start.arguments.indices.contains { start.arguments[$0...].starts(with: ["--tmpfs", path]) }
    }

    @Test(arguments: [nil, "", "relative", "/", "/home/ada/", "/usr/not-there"])
    func `an unusable home is replaced by one in the temporary folder`(home: String?) throws {
        let confinement = try make(Sandbox(), home: home)
        #expect(confinement.start.environment["HOME"] == "/tmp/home")
        #expect(mountsHome(confinement.start, at: "/tmp/home"))
    }

    @Test func `a home in a writable folder is kept`() throws {
        let home = try directory.makeDirectory("home")
        let confinement = try make(Sandbox(writable: [directory.path]), home: home)
        #expect(confinement.start.environment["HOME"] == home)
        #expect(!mountsHome(confinement.start, at: home))
    }

    @Test func `an existing home in a readable folder is covered by an empty one`() throws {
        let home = try directory.makeDirectory("home")
        let confinement = try make(Sandbox(readable: [directory.path]), home: home)
        #expect(confinement.start.environment["HOME"] == home)
        #expect(mountsHome(confinement.start, at: home))
    }

    @Test func `allowed hosts add a proxy and a gate`() throws {
        let start = try make(Sandbox(network: .hosts(["a.example"]))).start
        #expect(start.environment["HTTPS_PROXY"] == "http://127.0.0.1:61999")
        #expect(start.kept.count == 3)
        #expect(start.arguments.contains("--block-fd"))
        #expect(start.arguments.contains("\(start.kept[2])"))
    }

    @Test func `the first process and the end are read from bubblewrap's status`() throws {
        let confinement = try make(Sandbox())
        #expect(confinement.firstProcess == nil && !confinement.hasRun)
        let first = "{ \"child-pid\": 4711, \"net-namespace\": 12 }\n"
        #expect(write(confinement.status, first, first.utf8.count) == first.utf8.count)
        #expect(confinement.firstProcess == 4711 && !confinement.hasRun)
        let last = "{ \"exit-code\": 0 }\n"
        #expect(write(confinement.status, last, last.utf8.count) == last.utf8.count)
        #expect(confinement.hasRun)
    }

    @Test(.enabled(if: orchestrate_landlock_version() > 0))
    func `Landlock gives the process a scratch folder that is deleted at the end`() throws {
        var confinement: Confinement? = try make(Sandbox(), by: SandboxSupport(kind: .landlock, words: []))
        let start = try #require(confinement?.start)
        let scratch = try #require(start.environment["HOME"])
        #expect(start.environment["TMPDIR"] == scratch && start.directory == directory.path)
        #expect(start.ruleset != nil && !start.filter.isEmpty && start.arguments == ["tool"])
        #expect(PathQuery.isFolder(scratch) && confinement?.isContained == false)
        confinement = nil
        #expect(!PathQuery.exists(scratch))
    }

    @Test func `a program is looked up in the folders of PATH, in their order`() async throws {
        let scene = try ProcessScene()
        for name in ["one", "two"] {
            try scene.directory.makeDirectory(name)
            try scene.directory.addProgram("\(name)/tool", "echo \(name)")
        }
        chmod(scene.directory.appending("one/tool"), 0o644)
        let folders = ["none", "one", "two"].map { scene.directory.appending($0) }
        var request = scene.request("", environment: ["PATH": folders.joined(separator: ":")])
        request.command = .arguments(["tool"])
        #expect(await scene.runner.run(request).ending == .exited(0))
        // Root may execute a file only if somebody may.
        #expect(scene.text("log") == "two\n")
        request.command = .arguments(["missing-tool"])
        #expect(
            await scene.runner.run(request).ending
                == .couldNotStart("missing-tool: No such file or directory"))
    }

    @Test func `the files of this program include the program itself`() throws {
        let program = try #require(PathQuery.target(ofLink: "/proc/self/exe"))
        let isInSystem = SystemView.shared.folders.contains { PathQuery.lies(program, in: $0) }
        #expect(OwnProgram.files.contains(program) == !isInSystem)
        #expect(OwnProgram.files == OwnProgram.files.sorted())
    }

    @Test func `an executor runs as many tasks at once as it has threads`() async throws {
        let executor = ThreadExecutor("test executor", threads: 2)
        let (first, second) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        // Each waits for the other one on its thread, so both must run at the same time.
        let limit = DispatchTime.now() + 600
        async let one = Task(executorPreference: executor) { meet(first, second, limit) }.value
        async let two = Task(executorPreference: executor) { meet(second, first, limit) }.value
        #expect(await one == .success)
        #expect(await two == .success)
    }
}

private func meet(
    _ own: DispatchSemaphore, _ other: DispatchSemaphore, _ limit: DispatchTime
) -> DispatchTimeoutResult {
    own.signal()
    return other.wait(timeout: limit)
}
#endif
