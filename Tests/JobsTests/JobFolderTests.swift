import Foundation
import Jobs
import Model
import TestSupport
import Testing

@Suite struct JobFolderTests {
    private let directory: ScratchDirectory
    private let folder: JobFolder

    init() throws {
        directory = try ScratchDirectory("folder")
        folder = try Self.make(directory.appending("runs/a/job"))
    }

    private static let description = JobDescription(
        run: RunID("typing-1"),
        task: MigrationTask(id: TaskID("src-a"), title: "Migrate src/a.py", files: ["src/a.py"]),
        rules: ["Change only the files of this task."],
        base: ObjectID(hex: String(repeating: "ab", count: 20)) ?? missing, attempt: 2, worker: "codemod",
        limits: Worker.Limits())

    private static var missing: ObjectID { preconditionFailure("40 digits are an object id") }

    private static func make(_ path: String) throws -> JobFolder {
        try JobFolder.create(at: path, description: description, prompt: "Do it.\n")
    }

    private func put(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    @Test func `a folder holds the description and the prompt`() throws {
        #expect(try String(contentsOfFile: folder.prompt, encoding: .utf8) == "Do it.\n")
        let json = try Data(contentsOf: URL(fileURLWithPath: folder.description))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(JobDescription.self, from: json) == Self.description)
        let keys = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(keys["run"] as? String == "typing-1" && keys["task"] as? String == "src-a")
        #expect(keys["title"] as? String == "Migrate src/a.py" && keys["worker"] as? String == "codemod")
        #expect(keys["attempt"] as? Int == 2 && keys["version"] as? Int == 1)
        #expect(keys["files"] as? [String] == ["src/a.py"])
        for path in [folder.inbox, folder.outbox] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test func `every key of job_json is in the documentation`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/job-folder.md"), encoding: .utf8)
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.description)))
        for key in try #require(json as? [String: Any]).keys { #expect(page.contains("`\(key)`"), "\(key)") }
    }

    @Test func `the unfinished folder of a killed coordinator is replaced`() throws {
        try put("{}", folder.outcome)
        let again = try Self.make(folder.path)
        #expect(again.report().report == nil)
        #expect(!FileManager.default.fileExists(atPath: folder.outcome))
    }

    @Test func `a folder that cannot be made is an error that names it`() throws {
        try put("", directory.appending("file"))
        let error = #expect(throws: JobsError.self) { try Self.make(directory.appending("file/job")) }
        #expect(error?.description.contains("file/job") == true)
    }

    @Test func `a report is read`() throws {
        try put(
            #"{"summary": "Done\nmore", "reason": "Because.", "usage": {"input_tokens": 12, "output_tokens": 3}, "#
                + #""cost_usd": 0.5, "extra": [1]}"#, folder.outcome)
        let (report, note) = folder.report()
        #expect(note == nil)
        #expect(
            report == JobReport(summary: "Done", reason: "Because.", inputTokens: 12, outputTokens: 3, usd: 0.5))
    }

    @Test func `a missing report needs no note`() {
        #expect(folder.report().report == nil)
        #expect(folder.report().note == nil)
    }

    @Test(arguments: [
        "", "{", "[]", "null", #"{"summary": 3}"#, #"{"usage": {"input_tokens": -1}}"#, #"{"cost_usd": -0.1}"#,
        #"{"cost_usd": 1e999}"#, #"{"usage": {"input_tokens": 99999999999999999999}}"#,
        String(repeating: "[", count: 100_000), "\u{0}\u{1}",
    ]) func `a malformed report is noted and ignored`(text: String) throws {
        try put(text, folder.outcome)
        #expect(folder.report().report == nil)
        #expect(folder.report().note?.contains("outcome.json") == true)
    }

    @Test func `a report that is too large is noted`() throws {
        try put(#"{"summary": ""# + String(repeating: "x", count: 2 << 20) + #""}"#, folder.outcome)
        #expect(folder.report().note?.contains("larger") == true)
    }

    @Test(arguments: ["link", "dangling", "device", "fifo", "directory"])
    func `a report that is not a plain file is not read`(kind: String) throws {
        let files = FileManager.default
        let target = directory.appending("target")
        try put(#"{"summary": "stolen"}"#, target)
        switch kind {
        case "link": try files.createSymbolicLink(atPath: folder.outcome, withDestinationPath: target)
        case "dangling": try files.createSymbolicLink(atPath: folder.outcome, withDestinationPath: "/nowhere")
        case "device": try files.createSymbolicLink(atPath: folder.outcome, withDestinationPath: "/dev/zero")
        case "fifo": mkfifo(folder.outcome, 0o600)
        default: try files.createDirectory(atPath: folder.outcome, withIntermediateDirectories: false)
        }
        let (report, note) = folder.report()
        #expect(report == nil)
        #expect(note?.contains("not a plain file") == true)
    }
}
