import Foundation
import TestSupport
import Testing

/// A target repository, a plan and a state folder of their own, and the built program to work on them.
///
/// Nothing of the machine reaches the program but `PATH`. When a test lets go of it, every run that was made in it is
/// replayed.
final class Workshop: Sendable {
    let directory: ScratchDirectory
    let repository: ScratchRepository
    let planPath: String
    /// A word that no other test's processes have in their arguments.
    let mark = "mark-\(UUID().uuidString)"
    let replaying: Replaying

    init(_ name: String = "target", options: [String] = [], replaying: Replaying = .every) throws {
        self.replaying = replaying
        directory = try ScratchDirectory("workshop")
        repository = try ScratchRepository(name, in: directory, options: options)
        planPath = directory.appending("plan.yaml")
        try directory.makeDirectory("state")
        try directory.makeDirectory("shared")
    }

    deinit { replayAll() }

    var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": repository.home,
            "XDG_STATE_HOME": directory.appending("state"), "LC_ALL": "C.UTF-8", "COLUMNS": "100", "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1", "TRACE": trace,
        ]
    }

    /// A file that workers of a test append to; plans pass `TRACE` on, and let workers write to its folder.
    var trace: String { directory.appending("shared/trace") }

    func traceLines() -> [String] {
        ((try? String(contentsOfFile: trace, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// Writes the plan; `body` follows name, goal and repository.
    func plan(_ body: String, name: String = "demo", base: String = "main") throws {
        let text = """
            version: 1
            name: \(name)
            goal: Say new instead of old.
            repository: \(repository.path)
            base: \(base)
            \(body)
            """ + (body.contains("sandbox:") ? "" : "\nsandbox: {write: [\"\(directory.appending("shared"))\"]}\n")
        try text.write(toFile: planPath, atomically: true, encoding: .utf8)
    }

    /// A plan whose worker replaces `old` by `new` in its files and says so in the trace.
    func replacingPlan(_ more: String = "", attempts: Int = 2) throws {
        try plan(
            """
            scope:
              include: ["**/*.py"]
            workers:
              environment: [TRACE]
              ladder:
                - use: replace
                  run: "echo {task} >>$TRACE; sed -i s/old/new/g {files}"
                  attempts: \(attempts)
            verify:
              done:
                - run: "! grep -q old {file}"
            \(more)
            """)
    }

    static let program = BuiltProgram.orchestrate

    @discardableResult
    func orchestrate(_ arguments: String...) throws -> ScratchProcessResult { try orchestrate(arguments) }

    @discardableResult
    func orchestrate(_ arguments: [String]) throws -> ScratchProcessResult {
        try run(
            Self.program, arguments, in: repository.path, environment: environment, input: [], limit: Self.limit)
    }

    /// Seconds that a program may run; none needs nearly as many.
    private static let limit = 600.0

    /// Starts the program and leaves it running; it is killed if it does not end within `limit`.
    ///
    /// - Parameter file: receives what it prints; with nil, nobody does.
    func start(_ arguments: String..., saying file: String? = nil) throws -> Process {
        try start(arguments, environment: environment, saying: file)
    }

    func start(
        _ arguments: [String], environment: [String: String], saying file: String? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: repository.path)
        process.standardInput = FileHandle.nullDevice
        if let file { try Data().write(to: URL(fileURLWithPath: file)) }
        let output = file.flatMap { FileHandle(forWritingAtPath: $0) } ?? FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.limit) {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        return process
    }

    /// Waits until something holds; the deadline only ends a test that has failed.
    ///
    /// - Parameter process: a program without which it cannot come to hold: once that has ended, nothing is waited for.
    func wait(_ what: String, for process: Process? = nil, until condition: () -> Bool) {
        let deadline = Date().addingTimeInterval(Self.limit / 2)
        while !condition() {
            let isRunning = process?.isRunning ?? true
            // It may have come to hold just before the end.
            if !isRunning, condition() { return }
            guard isRunning, Date() < deadline else {
                Issue.record("waited in vain: \(what)\(isRunning ? "" : "; the program has ended")")
                return
            }
            usleep(5000)
        }
    }

    var integration: String { "orchestrate/demo" }

    /// Tasks on the integration branch, in order.
    func landed() throws -> [String] {
        try repository.git(
            "log", "--first-parent", "--reverse", "--format=%(trailers:key=Orchestrate-Task,valueonly,separator=)",
            "main..\(integration)"
        ).split(separator: "\n").map(String.init)
    }

    func text(_ path: String, at revision: String? = nil) throws -> String {
        try repository.git("show", "\(revision ?? integration):\(path)")
    }

    /// Everything of the repository that is the user's: files, index, stash, branches that are not the run's.
    func fingerprint() throws -> String {
        let refs = try repository.git("for-each-ref", "--format=%(refname) %(objectname)")
            .split(separator: "\n").filter { !$0.contains("refs/heads/orchestrate") }.joined(separator: "\n")
        let files = try run(
            "/bin/sh",
            [
                "-c",
                "find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 sha256sum; "
                    + "find . -path ./.git -prune -o -printf '%p %y %m %l\\n' | sort; sha256sum .git/index; cat .git/HEAD",
            ],
            in: repository.path, environment: environment, input: [])
        return refs + "\n" + files.text
    }

    /// Processes of this test's workers that are still there.
    func survivors(_ mark: String? = nil) throws -> [String] {
        let mark = mark ?? self.mark
        return try run("/bin/ps", ["-eo", "pid,args"], in: "/", environment: environment, input: []).text
            .split(separator: "\n").filter { $0.contains(mark) && !$0.contains("ps -eo") }.map(String.init)
    }
}
