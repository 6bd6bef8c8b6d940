import Foundation
import TestSupport
import Testing

/// Kills the coordinator wherever it can hurt, lets it go on, and compares with a run that nobody disturbed.
///
/// By default a few of the moments are tried; `ORCHESTRATE_CRASH_TESTS=all` tries every one and 200 random ones.
@Suite(.ownThreads) struct CrashTests {
    private static let taskCount = isThorough ? 40 : 16
    /// As `CrashPoint` names them.
    private static let points = ["stored", "moved", "spawned", "ended"]
    private static let isThorough = ProcessInfo.processInfo.environment["ORCHESTRATE_CRASH_TESTS"] == "all"

    /// When a coordinator is to die.
    private enum Moment: CustomStringConvertible, Sendable {
        case point(String, turn: Int)
        /// Seconds after its start.
        case time(Double)

        var description: String {
            switch self {
            case .point(let point, let turn): "\(point):\(turn)"
            case .time(let seconds): "\(seconds) s"
            }
        }
    }

    /// What a run that was killed and resumed came to.
    private struct Finding: Sendable {
        var wasKilled: Bool
        var restarts: Int
        var faults: [String]
    }

    /// Tasks in waves of four. Each worker says when it starts, tells the others, and changes its file.
    private static func shop() throws -> Workshop {
        let shop = try Workshop()
        var files: [String: String] = [:]
        for number in 0..<taskCount {
            files["f\(number).py"] = number < 4 ? "old\n" : "import f\(number - 4)\nold\n"
        }
        try shop.repository.commit(files)
        let script = try shop.directory.makeDirectory("shared") + "/worker.sh"
        try Self.worker.write(toFile: script, atomically: true, encoding: .utf8)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - run: ": \(shop.mark); sh \(script) {task} {files}"
            verify:
              done: [{run: "! grep -q old {file}"}]
              landing: [{run: "true"}]
            """)
        return shop
    }

    /// A line for its start, one for a message that was taken, in this order; one in four has something to say.
    private static let worker = """
        echo start $1 >>$TRACE
        case $1 in
          f?.py)
            word=$(cat /proc/sys/kernel/random/uuid)
            "$ORCHESTRATE_PROGRAM" message send --kind lesson "word $word" && echo sent $word >>$TRACE ;;
        esac
        sed -i s/old/new/ $2
        """

    private static func starts(_ shop: Workshop) -> [String] {
        shop.traceLines().filter { $0.hasPrefix("start ") }.map { String($0.dropFirst(6)) }
    }

    /// Messages that were taken and are not there once, or that are there more than once.
    private static func badMessages(_ shop: Workshop) throws -> [String] {
        let words = try shop.orchestrate("message", "list", "--run", "demo-1").text.matches(of: /word ([0-9a-f-]{36})/)
            .map {
                String($0.1)
            }
        let counts = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
        let sent = shop.traceLines().filter { $0.hasPrefix("sent ") }.map { String($0.dropFirst(5)) }
        return sent.filter { counts[$0] == nil }.map { "the message \($0) is lost" }
            + counts.filter { $0.value > 1 }.map { "the message \($0.key) is there \($0.value) times" }
    }

    /// What a run must not leave in the repository, nor, once it was cleaned up, in the state folder.
    private static func leftOver(_ shop: Workshop) throws -> [String] {
        let git = shop.repository.path + "/.git"
        let locks = FileManager.default.enumerator(atPath: git)?.compactMap { $0 as? String }.filter {
            $0.hasSuffix(".lock")
        }
        let cleaned = try shop.orchestrate("clean")
        let state = FileManager.default.enumerator(atPath: shop.directory.appending("state"))?.compactMap {
            $0 as? String
        }
        return (locks ?? []) + (cleaned.status == 0 ? [] : ["clean: \(cleaned.errorText)"])
            + (state ?? []).filter { $0.contains("/slots/") || $0.contains("/jobs/") }.prefix(3)
    }

    private static func tree(_ shop: Workshop) throws -> String {
        try shop.repository.git("rev-parse", "\(shop.integration)^{tree}")
    }

    /// Runs into the moment, resumes until the run is over, and looks at what is there.
    private static func run(dyingAt moment: Moment, expecting tree: String) throws -> Finding {
        let shop = try shop()
        var environment = shop.environment
        if case .point(let point, let turn) = moment { environment["ORCHESTRATE_CRASH"] = "\(point):\(turn)" }
        let first = try shop.start(["migrate", "--plan", shop.planPath], environment: environment)
        if case .time(let seconds) = moment {
            // Not to wait for anything, but to strike at random.
            usleep(UInt32(seconds * 1_000_000))
            kill(first.processIdentifier, SIGKILL)
        }
        first.waitUntilExit()
        let wasKilled = first.terminationReason == .uncaughtSignal
        let landedBefore = (try? shop.landed()) ?? []
        let startsBefore = Self.starts(shop)
        let second = try shop.orchestrate("migrate", "--plan", shop.planPath)
        var faults: [String] = []
        func expect(_ isSo: Bool, _ otherwise: @autoclosure () -> String) { if !isSo { faults.append(otherwise()) } }
        expect(second.status == 0, "exit \(second.status): \(second.errorText)")
        let landed = (try? shop.landed()) ?? []
        expect(landed.count == taskCount, "\(landed.count) landed")
        expect(Set(landed).count == landed.count, "a task landed twice")
        expect((try? Self.tree(shop)) == tree, "another final tree")
        let late = Self.starts(shop).dropFirst(startsBefore.count)
        let again = Set(late).intersection(landedBefore)
        expect(again.isEmpty, "started again though landed: \(again.sorted())")
        expect(try shop.survivors() == [], "processes are left")
        faults += try Self.badMessages(shop)
        let third = try shop.orchestrate("migrate", "--plan", shop.planPath)
        expect(third.status == 0, "it cannot be started again: \(third.errorText)")
        let starts = Self.starts(shop).count
        expect(starts == startsBefore.count + late.count, "the finished run was not finished")
        faults += try Self.leftOver(shop).map { "left over: \($0)" }
        return Finding(wasKilled: wasKilled, restarts: starts - taskCount, faults: faults)
    }

    @Test func `a killed run ends as if nobody had touched it`() async throws {
        let undisturbed = try Self.shop()
        let begin = Date()
        let result = try undisturbed.orchestrate("migrate", "--plan", undisturbed.planPath)
        let length = Date().timeIntervalSince(begin)
        #expect(result.status == 0, "\(result.errorText)")
        let tree = try Self.tree(undisturbed)

        var counts: [String: Int] = [:]
        var restarts = 0
        for point in Self.points {
            // Until the run is over before its turn comes: then every turn has been tried.
            var turn = 1
            var step = 1
            while true {
                let turns = (0..<Self.side).map { turn + $0 * step }
                let findings = try await Self.all(turns.map { .point(point, turn: $0) }, expecting: tree)
                counts[point, default: 0] += findings.filter(\.wasKilled).count
                restarts += findings.map(\.restarts).reduce(0, +)
                if !findings.allSatisfy(\.wasKilled) { break }
                turn += Self.side * step
                if !Self.isThorough { step *= 3 }
            }
            #expect(counts[point, default: 0] >= Self.side)
        }
        var generator = SeededGenerator(seed: 20_260_101)
        let moments = (0..<(Self.isThorough ? 200 : 8)).map { _ in
            Moment.time(Double.random(in: 0...length * 1.2, using: &generator))
        }
        for start in stride(from: 0, to: moments.count, by: Self.side) {
            let some = Array(moments[start..<min(start + Self.side, moments.count)])
            let findings = try await Self.all(some, expecting: tree)
            counts["random", default: 0] += findings.filter(\.wasKilled).count
            restarts += findings.map(\.restarts).reduce(0, +)
        }
        let words = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("crash harness: killed at \(words); \(restarts) workers started again for work that had not landed")
    }

    /// Runs at once.
    private static let side = 4

    private static func all(_ moments: [Moment], expecting tree: String) async throws -> [Finding] {
        try await withThrowingTaskGroup(of: Finding.self) { group in
            for moment in moments {
                group.addTask {
                    let finding = try Self.run(dyingAt: moment, expecting: tree)
                    for fault in finding.faults { Issue.record("killed at \(moment): \(fault)") }
                    return finding
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
