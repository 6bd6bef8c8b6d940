import Foundation
import Model
import TestSupport
import Testing

@testable import Jobs

/// Values of the process layer: requests, files, outcomes, limits.
@Suite struct ProcessValueTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("values") }

    private func request(_ command: ProcessRequest.Command, environment: [String: String] = [:]) -> ProcessRequest {
        ProcessRequest(
            command: command, directory: directory.path, environment: environment,
            output: .separate(out: directory.appending("out"), error: directory.appending("err")))
    }

    @Test func `each ending has the status of a shell`() {
        let statuses: [(ProcessOutcome.Ending, Int32)] = [
            (.exited(0), 0), (.exited(7), 7), (.signalled(9), 137), (.timedOut, 143), (.outputLimit, 143),
            (.idle(1), 143), (.limit(.cpu(1)), 143), (.cancelled, 143), (.couldNotStart("x"), 126),
        ]
        for (ending, status) in statuses {
            let outcome = ProcessOutcome(ending: ending, seconds: 0)
            #expect(outcome.status == status)
            #expect(outcome.succeeded == (status == 0))
            #expect(ending.isRunaway == (ending == .limit(.cpu(1))))
        }
    }

    @Test(
        arguments: [
            (.memory(1 << 30), "it used more than 1 GiB of memory"),
            (.memory((1 << 30) - 1), "it used more than 1024 MiB of memory"),
            (.processes(5), "it had more than 5 processes"),
            (.cpu(90), "it used more than 90 s of processor time"),
            (.fileSize(1536), "it wrote a file larger than 1.5 KiB"),
            (.disk(1023), "it put more than 1023 bytes on disk"),
        ] as [(ResourceLimit, String)])
    func `a limit is described in words`(limit: ResourceLimit, words: String) { #expect("\(limit)" == words) }

    @Test func `the standard limits leave room for the machine`() {
        let limits = ResourceLimits.standard
        #expect(limits.processes == 2048 && limits.disk == 10 << 30 && limits.cpu == nil && limits.fileSize == nil)
        #if os(Linux)
        let memory = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        #expect(limits.memory == memory / 4 * 3)
        #endif
    }

    @Test func `a command up to the length of an argument is given to the shell directly`() throws {
        let short = request(.shell(String(repeating: "x", count: 100_000)))
        #expect(short.commandFile == nil)
        #expect(try short.arguments().prefix(2) == ["/bin/sh", "-c"])
        let text = String(repeating: "x", count: 100_001)
        let long = request(.shell(text))
        #expect(long.commandFile == directory.appending("out.command"))
        for _ in 0..<2 { #expect(try long.arguments() == ["/bin/sh", directory.appending("out.command")]) }
        #expect(try String(contentsOfFile: directory.appending("out.command"), encoding: .utf8) == text)
        #expect(request(.arguments([text])).commandFile == nil)
    }

    @Test func `a command needs a program`() throws {
        #expect(try request(.arguments(["a", ""])).arguments() == ["a", ""])
        for empty in [[], [""]] {
            #expect(throws: JobsError.emptyCommand) { try request(.arguments(empty)).arguments() }
        }
    }

    @Test(arguments: [
        ("A", "b", true), ("A", "b=c", true), ("A", "", true), ("", "b", false), ("A=B", "c", false),
        ("A\u{0}", "b", false), ("A", "b\u{0}", false),
    ]) func `a variable must stay one variable`(name: String, value: String, isValid: Bool) {
        let request = request(.shell("true"), environment: [name: value])
        #expect(((try? request.checkEnvironment()) != nil) == isValid)
    }

    @Test func `the growth of output is that of the file that grew most`() throws {
        for name in ["out", "err"] {
            try Data("before".utf8).write(to: URL(fileURLWithPath: directory.appending(name)))
        }
        let files = try ProcessFiles(request(.shell("true")))
        #expect(files.growth == 0)
        #expect(files.size == 12)
        #expect(write(files.out, "123", 3) == 3)
        #expect(write(files.error, "12345", 5) == 5)
        #expect(files.growth == 5)
        #expect(files.size == 20)
        #expect(try String(contentsOfFile: directory.appending("out"), encoding: .utf8) == "before123")
    }

    @Test func `one output file is counted once`() throws {
        var request = request(.shell("true"))
        request.output = .combined(directory.appending("log"))
        let files = try ProcessFiles(request)
        #expect(write(files.out, "123", 3) == 3)
        #expect(files.size == 3 && files.growth == 3)
    }

    @Test func `a token belongs to the entry it was made by and to those below`() {
        #expect(LiveProcesses.isBelow("a:1", "a:1"))
        #expect(LiveProcesses.isBelow("a:1:2", "a:1"))
        #expect(!LiveProcesses.isBelow("a:10", "a:1"))
        #expect(!LiveProcesses.isBelow("a:1", "a:1:2"))
        #expect(!LiveProcesses.isBelow("b:a:1", "a:1"))
    }

    @Test func `an entry is known from its registration to its removal`() throws {
        let processes = LiveProcesses()
        let (first, second) = (processes.register(marker: "m"), processes.register(marker: "m"))
        #expect(first.token == "m:1" && second.token == "m:2")
        processes.setLeader(7, of: second.key, isContained: true)
        processes.markEnded(first.key)
        let (own, others) = try #require(processes.split(first.key))
        #expect(own.token == "m:1" && own.hasEnded && own.leader == nil && !own.isContained)
        #expect(others.map(\.token) == ["m:2"] && others[0].leader == 7 && others[0].isContained && !others[0].hasEnded)
        processes.remove(first.key)
        #expect(processes.split(first.key) == nil)
        #expect(processes.all.map(\.token) == ["m:2"])
    }

    @Test func `durations are turned into seconds`() {
        #expect(ProcessRunner.seconds(.milliseconds(2500)) == 2.5)
        #expect(ProcessRunner.seconds(.seconds(3)) == 3)
    }

    @Test func `the ports of slots repeat only after the whole range`() {
        #expect(JobPlace(run: RunID("a"), slot: 0).portBase == 20_000)
        #expect(JobPlace(run: RunID("a"), slot: 637).portBase == 32_740)
        #expect(JobPlace(run: RunID("a"), slot: 638).portBase == 20_000)
    }

    @Test func `a report's figures become usage`() throws {
        let report = try #require(
            JobReport.parse(Array(#"{"usage":{"input_tokens":0,"output_tokens":5},"cost_usd":0}"#.utf8)))
        #expect(report.usage == Usage(inputTokens: 0, outputTokens: 5, usd: 0))
        #expect(JobReport(inputTokens: 3).usage == Usage(inputTokens: 3, outputTokens: 0, usd: nil))
        #expect(JobReport(outputTokens: 3).usage == Usage(inputTokens: 0, outputTokens: 3, usd: nil))
        #expect(JobReport(usd: 0.5).usage == Usage(inputTokens: 0, outputTokens: 0, usd: 0.5))
        #expect(JobReport(summary: "x", reason: "y").usage == nil)
    }

    @Test(arguments: [
        #"{"usage":{"input_tokens":9223372036854775807,"output_tokens":9223372036854775807},"cost_usd":1e308}"#,
        #"{"usage":{"input_tokens":9223372036854775807,"output_tokens":1},"cost_usd":1.7976931348623157e308}"#,
    ])
    func `a report's figures are bounded`(text: String) throws {
        let usage = try #require(JobReport.parse(Array(text.utf8))?.usage)
        let sum = (0..<1000).reduce(Usage()) { sum, _ in sum + usage }
        #expect(usage.tokens > 0 && sum.tokens <= 3 * Usage.mostTokens && sum.usd == Usage.mostUSD)
    }

    @Test func `a report's texts hold no secret and no control character`() throws {
        let redaction = Redaction([.init(name: "API_KEY", value: "s3cret/\"value")])
        let file = #"{"summary":"\u001b[31mred\u2028two","reason":"it is s3cret/\"value\rnext \u202eback"}"#
        let report = try #require(JobReport.parse(Array(file.utf8), redaction))
        #expect(report.summary == "red")
        #expect(report.reason == "it is [API_KEY]\nnext back")
        // Where a text is cut, no part of a value is left.
        let long = String(repeating: "r", count: 7_995) + "s3cret/\\\"value"
        let cut = try #require(JobReport.parse(Array(#"{"reason":"\#(long)"}"#.utf8), redaction))
        #expect(cut.reason?.hasSuffix("[API_") == true)
    }

    @Test func `a review's texts hold no secret and no control character`() throws {
        let redaction = Redaction([.init(name: "TOKEN", value: "12345678")])
        let file =
            #"{"verdict":"reject","summary":"a\u001b[1m 12345678","reasons":[{"path":"x/12345678","text":"12345678\rb"}]}"#
        let answer = try #require(ReviewAnswer.parse(Array(file.utf8), redaction))
        #expect(answer.summary == "a [TOKEN]")
        #expect(answer.reasons == [.init(path: "x/[TOKEN]", line: nil, text: "[TOKEN]\nb")])
    }

    @Test func `a report's texts are cut`() throws {
        let (summary, reason) = (String(repeating: "s", count: 301), String(repeating: "r", count: 8_001))
        let report = try #require(JobReport.parse(Array(#"{"summary":"\#(summary)","reason":"\#(reason)"}"#.utf8)))
        #expect(report.summary == String(summary.dropLast()))
        #expect(report.reason == String(reason.dropLast()))
    }

    @Test func `a review's texts and reasons are limited`() throws {
        let reasons = (0..<51).map { _ in #"{"path":"a","line":1,"text":"\#(String(repeating: "t", count: 2_001))"}"# }
        let text =
            #"{"verdict":"reject","summary":"\#(String(repeating: "s", count: 301))","reasons":[\#(reasons.joined(separator: ","))]}"#
        let answer = try #require(ReviewAnswer.parse(Array(text.utf8)))
        #expect(answer.summary.count == 300)
        #expect(answer.reasons.count == 50)
        #expect(answer.reasons.allSatisfy { $0.text.count == 2_000 })
    }

    @Test(arguments: [(999, true), (1_000, false), (0, false)])
    func `a path of a review is neither empty nor too long`(length: Int, isKept: Bool) throws {
        let path = String(repeating: "p", count: length)
        let answer = ReviewAnswer.parse(
            Array(#"{"verdict":"reject","reasons":[{"path":"\#(path)","text":"x"}]}"#.utf8))
        #expect(try #require(answer).reasons.map(\.path) == [isKept ? path : nil])
    }

    @Test func `an error names the file and the problem`() {
        #expect("\(JobsError.file("/a", .open(ENOENT)))" == "/a: cannot be opened: No such file or directory")
        #expect("\(JobsError.file("/a", .tooLarge(5)))" == "/a: is larger than 5 bytes")
        #expect("\(JobsError.cannotStart("/a", EACCES))" == "/a: Permission denied")
        #expect(
            "\(JobsError.tooLong(arguments: 3, environment: 4))".hasPrefix(
                "the command has 3 bytes and its environment 4"))
    }
}
