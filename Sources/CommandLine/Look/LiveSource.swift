import Coordinator
import Foundation
import Git
import Jobs
import Model
import Reporting
import Store

/// Reads the run that the live view shows.
struct LiveSource: Sendable {
    let chosen: RunChoice.Chosen
    private let activity: ActivityReader
    private let owners: CodeOwners?

    /// Bytes of the end of a log that are read.
    private static let logTail = 1 << 20

    init(_ chosen: RunChoice.Chosen) {
        self.chosen = chosen
        activity = ActivityReader(chosen.state, run: chosen.run)
        owners = chosen.owners()
    }

    var reader: StoreReader { chosen.reader }
    var activities: ActivitySource { activity.source }

    func document() throws -> StatusDocument {
        try StatusReport(
            reader, run: chosen.run, owner: chosen.owner, now: .now, activity: activity.source, owners: owners,
            requests: chosen.requests
        ).document
    }

    /// The lines of a text screen.
    func lines(_ part: LivePart, width: Int) -> [LiveLine] {
        do {
            return try read(part, Layout(width: width, clockOffset: TimeZone.current.secondsFromGMT()))
        } catch {
            let words = Outcome(describing: error)?.message ?? "\(error)"
            return LiveLine.plain(words)
        }
    }

    private func read(_ part: LivePart, _ layout: Layout) throws -> [LiveLine] {
        switch part {
        case .task(let task, let tab): return try page(tab, of: task, layout)
        case .failures: return try reader.read { try FailureLines.lines($0, run: chosen.run) }
        case .messages:
            return LiveLine.report(MessageReport(try reader.read { try $0.messages(of: chosen.run) }).text(layout))
        case .graph: return try reader.read { try WavesReport($0, run: chosen.run) }.lines
        }
    }

    private func page(_ tab: LiveView.Tab, of task: TaskID, _ layout: Layout) throws -> [LiveLine] {
        switch tab {
        case .why:
            return LiveLine.report(try explain(task).text(layout, now: .now))
        case .checks:
            return LiveLine.report(try explain(task).checks(layout, now: .now))
        case .timeline: return LiveLine.report(try TaskLog(reader, run: chosen.run, task: task.rawValue).text(layout))
        case .diff: return try diff(of: task)
        case .prompt:
            let text = try job(of: task).flatMap { try UntrustedFile.read($0.prompt, limit: Self.logTail) }
            return text.map { LiveLine.plain(String(decoding: $0, as: UTF8.self)) } ?? Self.nothing
        case .transcript: return try transcript(of: task, layout)
        case .log:
            guard let text = try job(of: task).flatMap({ Self.tail($0.log) }) else { return Self.nothing }
            let empty = "empty: what the worker reports as events is in the transcript"
            return text.isEmpty ? [LiveLine(empty, .faint)] : LiveLine.plain(text)
        case .messages:
            let all = try reader.read { try $0.messages(of: chosen.run) }
            let own = all.filter { record in
                record.message.sender == .task(task) || record.message.audience == .task(task)
                    || record.deliveries.contains { $0.task == task }
            }
            return LiveLine.report(MessageReport(own).text(layout))
        }
    }

    private static let nothing = [LiveLine("nothing yet: no attempt has written it", .faint)]

    private func explain(_ task: TaskID) throws -> ExplainReport {
        try ExplainReport(reader, run: chosen.run, task: task.rawValue, owner: chosen.owner, now: .now)
    }

    /// The folder of the last attempt.
    private func job(of task: TaskID) throws -> JobFolder? {
        guard let record = try reader.read({ try $0.task(task, of: chosen.run) }), record.attempts > 0 else {
            return nil
        }
        return JobFolder(existing: "\(chosen.state.jobs)/\(chosen.run)/\(task)/\(record.attempts)")
    }

    private func diff(of task: TaskID) throws -> [LiveLine] {
        let report = try ReviewReport(reader, run: chosen.run, task: task.rawValue)
        if let id = report.commits.last {
            let commit = try chosen.repository.commit(id)
            let before = try commit.parents.first.map { try chosen.repository.treeOf($0) }
            return LiveLine.diff(try chosen.repository.patch(from: before, to: commit.tree))
        }
        let text = try job(of: task).flatMap { Self.tail($0.diff) }
        return text.map(LiveLine.diff) ?? [LiveLine("nothing yet: the worker has not ended", .faint)]
    }

    private func transcript(of task: TaskID, _ layout: Layout) throws -> [LiveLine] {
        guard let job = try job(of: task), let text = Self.tail(job.events) else {
            return [LiveLine("nothing yet, or the worker reports no events; the log has its output", .faint)]
        }
        return text.split(separator: "\n").compactMap { TranscriptLine($0)?.line(layout) }
    }

    /// The end of a file that a worker may be writing.
    private static func tail(_ path: String) -> String? {
        guard let reader = (try? UntrustedFile.Reader(path)) ?? nil else { return nil }
        let start = max(0, reader.size - logTail)
        guard let bytes = try? reader.read(at: start, count: logTail) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return start == 0 ? text : text.drop { $0 != "\n" }.dropFirst().description
    }
}

/// An event of a worker as one line.
private struct TranscriptLine: Decodable {
    var time: Double?
    var event: String
    var name: String?
    var input: String?
    var text: String?
    var isError: Bool?
    var result: String?
    var inputTokens: Int?
    var outputTokens: Int?

    init?(_ line: Substring) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let value = try? decoder.decode(Self.self, from: Data(line.utf8)) else { return nil }
        self = value
    }

    func line(_ layout: Layout) -> LiveLine? {
        let clock = time.map { TimeText.clock(Timestamp(seconds: $0), offset: layout.clockOffset) } ?? ""
        let words: String
        var role: Style.Role?
        switch event {
        case "text": words = text ?? ""
        case "tool_use": (words, role) = (ActionText.tool(name ?? "tool", input ?? ""), .busy)
        case "tool_result":
            guard isError == true else { return nil }
            (words, role) = ("  error", .bad)
        case "denied": (words, role) = ("was denied \(name ?? "a tool")", .bad)
        case "retry": words = "the provider refused; trying again"
        case "usage": (words, role) = ("\((inputTokens ?? 0) + (outputTokens ?? 0)) tokens so far", .faint)
        case "finished": (words, role) = ("ended: \(result ?? "") \(text ?? "")", .heading)
        default: return nil
        }
        return LiveLine("\(clock)  \(OutsideText.line(words))", role)
    }
}
