import Foundation
import Jobs
import Model
import Reporting
import Store

/// Reads what attempts and candidates are doing from the files of a run. Its files may be written at the same time, and a
/// worker may have put anything into its own.
struct ActivityReader: Sendable {
    private let jobs: String
    private let logs: String

    /// Bytes at the end of an event file that are looked at.
    private static let tail = 16 * 1024

    /// - Parameters:
    ///   - jobs: the folder with the jobs of a run's tasks.
    ///   - logs: the folder with the logs of its candidates.
    init(jobs: String, logs: String) {
        self.jobs = jobs
        self.logs = logs
    }

    init(_ state: StateFolder, run: RunID) {
        self.init(jobs: "\(state.jobs)/\(run)", logs: "\(state.logs)/\(run)")
    }

    var source: ActivitySource {
        ActivitySource(attempt: { self.attempt($0, $1) }, candidate: { self.candidate($0, $1) })
    }

    private func attempt(_ task: TaskID, _ number: Int) -> LiveActivity {
        let phase = phase(of: task)
        let job = JobFolder(existing: "\(jobs)/\(task)/\(number)")
        switch phase?.phase {
        case .working, .reviewing, nil:
            return LiveActivity(phase: phase?.phase, action: lastAction(job) ?? "")
        case .lookingFirst, .judging, .checking:
            return LiveActivity(phase: phase?.phase, action: check(in: job.path, since: phase?.time))
        case .preparing, .waitingForRoom, .settingUp, .committing, .merging, .checkingCandidate:
            return LiveActivity(phase: phase?.phase)
        }
    }

    private func candidate(_ number: Int, _ task: TaskID) -> LiveActivity {
        let phase = phase(of: task)
        return LiveActivity(phase: phase?.phase, action: check(in: "\(logs)/\(number)", since: phase?.time))
    }

    private func phase(of task: TaskID) -> PhaseRecord? {
        let path = "\(jobs)/\(task)/\(PhaseRecord.fileName)"
        return ((try? UntrustedFile.read(path, limit: 200)) ?? nil).flatMap {
            PhaseRecord(String(decoding: $0, as: UTF8.self))
        }
    }

    /// `check tests`, by the log that was begun last.
    private func check(in folder: String, since: Timestamp?) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let logs = names.filter { $0.hasSuffix(".log") }.compactMap { name -> (name: String, time: Double)? in
            let made = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate]
            return (made as? Date).map { (name, $0.timeIntervalSince1970) }
        }
        guard let last = logs.max(by: { ($0.time, $0.name) < ($1.time, $1.name) }),
            last.time >= (since?.seconds ?? 0)
        else { return "" }
        return "check \(Self.checkName(last.name))"
    }

    /// `unit-tests` of `unit-tests-2-again-1.log`.
    static func checkName(_ log: String) -> String {
        var parts = log.replacing(".log", with: "").split(separator: "-")
        while parts.count > 1, let last = parts.last, Int(last) != nil || ["again", "before"].contains(last) {
            parts.removeLast()
        }
        return parts.joined(separator: "-")
    }

    private struct Line: Decodable {
        var event: String
        var name: String?
        var input: String?
        var text: String?
        var result: String?
    }

    /// The last call of a tool, or the last words of the model.
    private func lastAction(_ job: JobFolder) -> String? {
        guard let reader = (try? UntrustedFile.Reader(job.events)) ?? nil else { return nil }
        let start = max(0, reader.size - Self.tail)
        guard let bytes = try? reader.read(at: start, count: Self.tail) else { return nil }
        let decoder = JSONDecoder()
        for line in bytes.split(separator: UInt8(ascii: "\n")).reversed() {
            guard let event = try? decoder.decode(Line.self, from: Data(line)) else { continue }
            switch event.event {
            case "tool_use": return ActionText.tool(event.name ?? "tool", event.input ?? "")
            case "text": if let text = event.text, !text.isEmpty { return "says: \(OutsideText.line(text))" }
            case "denied": return "was denied \(OutsideText.line(event.name ?? "a tool"))"
            case "retry": return "waits for its provider"
            case "finished": return "ended: \(OutsideText.line(event.result ?? ""))"
            default: continue
            }
        }
        return nil
    }
}
