import Foundation
import Jobs
import Model
import Synchronization
import TestSupport
import Testing
import Verification

@Suite struct VerdictTests {
    private let directory: ScratchDirectory
    private let checkout: String
    /// Each run of a check adds a line here.
    private let trace: String

    private let tree: ObjectID
    private let other: ObjectID

    init() throws {
        tree = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        other = try #require(ObjectID(hex: String(repeating: "b", count: 40)))
        directory = try ScratchDirectory("verdicts")
        checkout = try directory.makeDirectory("checkout")
        trace = directory.appending("trace")
        try directory.makeDirectory("logs")
    }

    private func runner(
        _ cache: VerdictCache, environment: [String: String] = [:], known: KnownFailures = .none
    ) -> CheckRunner {
        let base = ["PATH": "/usr/bin:/bin", "TRACE": trace].merging(environment) { $1 }
        return CheckRunner(
            runner: ProcessRunner(marker: "test-\(UUID().uuidString)"), base: BaseEnvironment(coordinator: base),
            allowed: ["TRACE", "MODE"], gate: CheckGate(), cache: cache, known: known)
    }

    private func place(
        _ tree: ObjectID? = nil, landing: Bool = true, fresh: Bool = false,
        slot: Int = 1, restore: (@Sendable () async -> Bool)? = nil
    ) -> CheckRunner.Place {
        CheckRunner.Place(
            checkout: checkout, logs: directory.appending("logs"),
            job: JobPlace(run: RunID("r-1"), task: TaskID("t"), slot: slot), grace: 0.2,
            subject: .init(
                tree: tree ?? self.tree, isLanding: landing, isFresh: fresh, restore: restore))
    }

    private func check(_ end: String = "exit 0", retries: Int = 0, name: String = "check") -> Check {
        Check(name: name, run: "echo run >>$TRACE; \(end)", retries: retries)
    }

    private var runs: Int {
        ((try? String(contentsOfFile: trace, encoding: .utf8)) ?? "").split(separator: "\n").count
    }

    private func ask(
        _ runner: CheckRunner, _ checks: [Check], _ place: CheckRunner.Place, keepGoing: Bool = false
    ) async -> [CheckResult] {
        await runner.run(checks, files: ["f"], task: TaskID("t"), in: place, keepGoing: keepGoing)
    }

    @Test(arguments: [0, 3]) func `the same is not run twice on a tree`(status: Int32) async throws {
        let runner = runner(VerdictCache())
        let first = await ask(runner, [check("exit \(status)")], place())
        let second = await ask(runner, [check("exit \(status)", name: "another")], place(slot: 7))
        #expect(runs == 1)
        #expect(first.map(\.isKnown) == [false])
        #expect(second.map(\.isKnown) == [true])
        #expect(second.map(\.name) == ["another"])
        #expect(second.map(\.status) == [status])
        #expect(second.map(\.outcome) == first.map(\.outcome))
        #expect(second.map(\.digest) == first.map(\.digest))
    }

    @Test func `another tree, command or environment is another question`() async throws {
        let cache = VerdictCache()
        _ = await ask(runner(cache), [check()], place())
        _ = await ask(runner(cache), [check()], place(other))
        _ = await ask(runner(cache), [check("true")], place())
        _ = await ask(runner(cache), [Check(name: "check", run: check().run, environment: ["X=1"])], place())
        let limited = Check(name: "check", run: check().run, limits: ResourceLimits(cpu: 9))
        _ = await ask(runner(cache), [limited], place())
        // A limit holds without a sandbox too.
        #expect(runs == 5)
        #expect(await ask(runner(VerdictCache(), environment: ["MODE": "2"]), [check()], place())[0].isKnown == false)
    }

    @Test func `a program that was replaced is another question`() async throws {
        let tool = directory.appending("tool")
        func install(_ text: String) throws {
            // Another process writes the file: a descriptor of this one could be inherited by a process that another test
            // starts meanwhile, and a file that is open for writing cannot be run.
            let script = #"printf '%s' "$1" >"$2.new" && chmod 755 "$2.new" && mv "$2.new" "$2""#
            let result = try run(
                "/bin/sh", ["-c", script, "sh", text, tool], in: directory.path, environment: [:], input: [])
            #expect(result.status == 0)
        }
        let path = ["PATH": "\(directory.path):/usr/bin:/bin"]
        let runner = runner(VerdictCache(), environment: path)
        try install("#!/bin/sh\nexit 0\n")
        let check = Check(name: "tool", run: "tool --fast")
        #expect(await ask(runner, [check], place())[0].outcome == .passed)
        #expect(await ask(runner, [check], place())[0].isKnown)
        try install("#!/bin/sh\nexit 1\n")
        #expect(await ask(runner, [check], place())[0].outcome == .failed)
    }

    @Test(arguments: ["sleep 1000", "kill -KILL $$", "exit 127", "exit 126"])
    func `what says nothing of the tree is not kept`(end: String) async throws {
        let runner = runner(VerdictCache())
        let check = Check(name: "c", run: "echo run >>$TRACE; \(end)", timeout: 0.3)
        for _ in 0..<2 { #expect(await ask(runner, [check], place())[0].isKnown == false) }
        #expect(runs == 2)
    }

    @Test func `a list is answered whole, since a command may need what the one before has left`() async throws {
        let runner = runner(VerdictCache())
        let build = Check(name: "build", run: "echo build >>$TRACE; touch built")
        let test = Check(name: "test", run: "echo test >>$TRACE; test -e built")
        _ = await ask(runner, [build], place())
        try FileManager.default.removeItem(atPath: checkout + "/built")
        let results = await ask(runner, [build, test], place())
        #expect(results.map(\.outcome) == [.passed, .passed])
        #expect(runs == 3)
        #expect(await ask(runner, [build, test], place()).map(\.isKnown) == [true, true])
        #expect(runs == 3)
    }

    @Test func `a list is known up to its first red check`() async throws {
        let runner = runner(VerdictCache())
        let checks = [check("true"), check("false"), check("echo never")]
        _ = await ask(runner, checks, place())
        let again = await ask(runner, checks, place())
        #expect(again.map(\.outcome) == [.passed, .failed])
        #expect(again.map(\.isKnown) == [true, true])
        #expect(await ask(runner, checks, place(), keepGoing: true).count == 3)
        #expect(runs == 5)
    }

    @Test func `what was found in a worker's slot answers there only`() async throws {
        let runner = runner(VerdictCache())
        _ = await ask(runner, [check()], place(landing: false))
        #expect(await ask(runner, [check()], place(landing: false))[0].isKnown)
        #expect(await ask(runner, [check()], place())[0].isKnown == false)
        #expect(await ask(runner, [check()], place())[0].isKnown)
        #expect(runs == 2)
        _ = await ask(runner, [check()], place(landing: false))
        #expect(await ask(runner, [check()], place())[0].isKnown)
        #expect(runs == 2)
    }

    @Test func `without the cache everything is run and still kept`() async throws {
        let kept = Mutex(0)
        let cache = VerdictCache(answers: false) { verdicts, _ in kept.withLock { $0 += verdicts.count } }
        for _ in 0..<3 { _ = await ask(runner(cache), [check()], place()) }
        #expect(runs == 3)
        #expect(kept.withLock { $0 } == 3)
    }

    @Test func `whoever asks what is just being run waits for it`() async throws {
        let cache = VerdictCache()
        let gate = directory.appending("gate")
        let slow = check("until [ -e \(gate) ]; do sleep 0.01; done")
        let place = self.place()
        let results = await withTaskGroup(of: [CheckResult].self) { group in
            for _ in 0..<8 { group.addTask { await ask(runner(cache), [slow], place) } }
            while runs == 0 { try? await Task.sleep(for: .milliseconds(2)) }
            _ = FileManager.default.createFile(atPath: gate, contents: nil)
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(runs == 1)
        #expect(results.count == 8)
        #expect(results.filter(\.isKnown).count == 7)
        #expect(results.filter { $0.outcome == .passed }.count == 8)
    }

    @Test func `who waits takes over when the other is cancelled, and may give up itself`() async throws {
        let cache = VerdictCache()
        let place = self.place()
        let gate = directory.appending("gate")
        let slow = check("until [ -e \(gate) ]; do sleep 0.01; done")
        let first = Task { await ask(runner(cache), [slow], place) }
        while runs == 0 { try await Task.sleep(for: .milliseconds(2)) }
        let second = Task { await ask(runner(cache), [slow], place) }
        let third = Task { await ask(runner(cache), [slow], place) }
        third.cancel()
        #expect(await third.value.map(\.outcome) == [.infrastructure])
        first.cancel()
        #expect(await first.value.map(\.outcome) == [.infrastructure])
        while runs == 1 { try await Task.sleep(for: .milliseconds(2)) }
        _ = FileManager.default.createFile(atPath: gate, contents: nil)
        #expect(await second.value.map(\.outcome) == [.passed])
        #expect(runs == 2)
    }

    /// Red twice, then green.
    private var flaky: String { "test $(wc -l <$TRACE) -gt 2" }

    @Test func `a red check is run again on the same tree, and is flaky if it passes`() async throws {
        let told = Mutex<(verdicts: [Verdict], rates: [FlakeRate])>(([], []))
        let cache = VerdictCache { verdicts, rates in
            told.withLock { $0 = ($0.verdicts + verdicts, $0.rates + rates) }
        }
        let restored = Mutex(0)
        let place = self.place(restore: {
            restored.withLock { $0 += 1 }; return true
        })
        let result = await ask(runner(cache), [check(flaky, retries: 2)], place)[0]
        #expect(result.outcome == .passed)
        #expect(result.flakes == 2)
        #expect(restored.withLock { $0 } == 2)
        let (verdicts, rates) = told.withLock { $0 }
        #expect(verdicts.map(\.runs) == [3])
        #expect(rates == [FlakeRate(check: "check", runs: 3, flakes: 2)])
        #expect(cache.flakyRates == rates)
    }

    @Test func `a check that stays red is run as often as is said, and is not flaky`() async throws {
        let cache = VerdictCache()
        let result = await ask(runner(cache), [check("exit 1", retries: 2)], place())[0]
        #expect(result.outcome == .failed)
        #expect(runs == 3)
        #expect(cache.flakyRates == [])
    }

    @Test func `a check whose tree cannot be restored is not run again`() async throws {
        let place = self.place(restore: { false })
        let result = await ask(runner(VerdictCache()), [check(flaky, retries: 2)], place)[0]
        #expect(result.outcome == .failed)
        #expect(result.digest.hasPrefix("not run again: the files of the tree could not be restored"))
        #expect(runs == 1)
    }

    @Test func `before a check is run again, the commands before it build again what it needs`() async throws {
        let (checkout, trace) = (checkout, trace)
        let place = self.place(restore: {
            unlink(checkout + "/built")
            return true
        })
        let build = Check(name: "build", run: "touch built; echo built >>\(trace).build")
        let test = check("test -e built && \(flaky)", retries: 2)
        let results = await ask(runner(VerdictCache()), [build, test], place)
        #expect(results.map(\.outcome) == [.passed, .passed])
        #expect(results.map(\.flakes) == [0, 2])
        #expect(try String(contentsOfFile: trace + ".build", encoding: .utf8).split(separator: "\n").count == 3)
    }

    @Test func `a verdict that turns green when it is asked afresh is flaky, in another run too`() async throws {
        let cache = VerdictCache()
        #expect(await ask(runner(cache), [check("test -e now")], place())[0].outcome == .failed)
        _ = FileManager.default.createFile(atPath: checkout + "/now", contents: nil)
        #expect(await ask(runner(cache), [check("test -e now")], place())[0].isKnown)
        #expect(await ask(runner(cache), [check("test -e now")], place(fresh: true))[0].outcome == .passed)
        #expect(cache.flakyRates == [FlakeRate(check: "check", runs: 2, flakes: 1)])
        #expect(await ask(runner(cache), [check("test -e now")], place())[0].outcome == .passed)
    }

    @Test func `a red verdict of another run does not answer and still tells of a flake`() async throws {
        let kept = Mutex<[Verdict]>([])
        let first = VerdictCache { verdicts, _ in kept.withLock { $0 += verdicts } }
        _ = await ask(runner(first), [check("test -e now")], place())
        let known = kept.withLock { $0 }.map {
            VerdictCache.Known(verdict: $0, passes: 0, failures: 1, answers: false)
        }
        _ = FileManager.default.createFile(atPath: checkout + "/now", contents: nil)
        let second = VerdictCache(known: known, rates: [FlakeRate(check: "check", runs: 10, flakes: 0)])
        #expect(await ask(runner(second), [check("test -e now")], place())[0].outcome == .passed)
        #expect(second.flakyRates == [FlakeRate(check: "check", runs: 11, flakes: 1)])
    }
}
