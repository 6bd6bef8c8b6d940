import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// Messages as files, in both directions.
@Suite struct MailTests {
    private let directory: ScratchDirectory
    private let folder: JobFolder
    private let mailbox: JobMailbox

    init() throws {
        directory = try ScratchDirectory("mail")
        folder = JobFolder(existing: try directory.makeDirectory("job"))
        mailbox = JobMailbox(folder)
        try directory.makeDirectory("job/outbox")
        try directory.makeDirectory("job/inbox")
    }

    private func parse(_ text: String) throws -> (mail: OutgoingMail, note: String?) {
        try OutgoingMail.parse(Array(text.utf8)).get()
    }

    private func message(_ id: Int, _ sender: Message.Sender = .human) -> Message {
        Message(
            id: id, kind: .answer, sender: sender, audience: .everyone, body: "text", files: ["a.py"], thread: 4,
            time: Timestamp(seconds: 7.5))
    }

    @Test func `a question goes to the person and everything else to everyone`() throws {
        #expect(try parse(#"{"kind":"question","body":"x"}"#).mail.to == "human")
        #expect(try parse(#"{"kind":"lesson","body":"x"}"#).mail.to == "everyone")
        #expect(try parse(#"{"kind":"question","body":"x","to":"a.py"}"#).mail.to == "a.py")
    }

    @Test func `every key of a message is read`() throws {
        let mail = try parse(
            #"{"kind":"question","to":"t","body":"b","files":["f"],"thread":3,"wait_seconds":90}"#
        ).mail
        #expect(
            mail == OutgoingMail(kind: .question, to: "t", body: "b", files: ["f"], thread: 3, waitSeconds: 90))
    }

    @Test(
        arguments: [
            ("question", "0.5", 0.5), ("question", "0", nil), ("question", "-1", nil),
            ("question", "604800", 604_800), ("question", "604801", 604_800), ("lesson", "5", nil),
        ] as [(String, String, Double?)])
    func `only a question waits, and for a week at most`(kind: String, seconds: String, expected: Double?) throws {
        let mail = try parse(#"{"kind":"\#(kind)","body":"x","wait_seconds":\#(seconds)}"#).mail
        #expect(mail.waitSeconds == expected)
    }

    @Test func `a body of exactly the limit is not cut`() throws {
        let body = String(repeating: "x", count: OutgoingMail.largestBody)
        let (mail, note) = try parse(#"{"kind":"lesson","body":"\#(body)"}"#)
        #expect(mail.body == body && note == nil)
        let longer = try parse(#"{"kind":"lesson","body":"\#(body)y"}"#)
        #expect(longer.mail.body == body + "\n[cut]")
        #expect(longer.note == "a body of 16385 bytes was cut to 16384")
    }

    @Test func `a message names at most 64 paths`() throws {
        let files = (0..<65).map { #""f\#($0)""# }.joined(separator: ",")
        let (mail, note) = try parse(#"{"kind":"lesson","body":"x","files":[\#(files)]}"#)
        #expect(mail.files == (0..<64).map { "f\($0)" })
        #expect(note == "1 paths were left out")
    }

    @Test(arguments: [(4096, 1), (4097, 0)]) func `a path is at most 4096 bytes`(length: Int, kept: Int) throws {
        let path = String(repeating: "p", count: length)
        #expect(try parse(#"{"kind":"lesson","body":"x","files":["\#(path)"]}"#).mail.files.count == kept)
    }

    @Test(arguments: [("aäb", 1, "a"), ("aäb", 2, "a"), ("aäb", 3, "aä"), ("aäb", 9, "aäb"), ("ä", 0, "")])
    func `text is cut between characters`(text: String, bytes: Int, expected: String) {
        #expect(OutgoingMail.cut(text, to: bytes) == expected)
    }

    @Test func `control characters are removed and line breaks and tabs stay`() throws {
        let mail = try parse(#"{"kind":"lesson","body":"a\u001b[1mb\n\tc\u0007\u202ed\u2028e"}"#).mail
        #expect(mail.body == "ab\n\tcd\ne")
    }

    @Test func `a delivered message says who sent what and when`() throws {
        let mail = IncomingMail(message(12, .task(TaskID("src-a"))), ref: "q.json")
        #expect(mail.id == 12 && mail.kind == "answer" && mail.from == "src-a" && mail.body == "text")
        #expect(mail.files == ["a.py"] && mail.thread == 4 && mail.time == 7.5 && mail.ref == "q.json")
        #expect(mail.passed == nil && mail.version == 1)
        #expect(IncomingMail(message(1, .coordinator), ref: nil).from == "coordinator")
        #expect(IncomingMail(message(1, .human), ref: nil).from == "human")
    }

    @Test func `the answer to a request names the request`() {
        let mail = IncomingMail("check", "all passed", passed: true, ref: "check-1.json", time: Timestamp(seconds: 3))
        #expect(mail.id == nil && mail.kind == "check" && mail.from == "coordinator" && mail.body == "all passed")
        #expect(mail.passed == true && mail.ref == "check-1.json" && mail.time == 3 && mail.files.isEmpty)
        #expect(mail.fileName == "answer-check-1.json")
        let found = IncomingMail("search", "text", passed: nil, ref: "search-1.txt", time: Timestamp(seconds: 3))
        #expect(found.fileName == "answer-search-1.txt.json")
    }

    @Test(arguments: [(7, "00000007.json"), (12_345_678, "12345678.json"), (123_456_789, "123456789.json")])
    func `names of delivered messages sort by number`(id: Int, name: String) {
        #expect(IncomingMail(message(id), ref: nil).fileName == name)
    }

    @Test func `names of sent files sort by time and say what they are`() throws {
        let messages = try (0..<3).map { try mailbox.send(OutgoingMail(kind: .lesson, body: "\($0)")) }
        #expect(messages == messages.sorted() && Set(messages).count == 3)
        let requests = [try mailbox.requestChecks(), try mailbox.requestSearch("words")]
        #expect(requests[0].hasPrefix("check-") && requests[0].hasSuffix(".json"))
        #expect(requests[1].hasPrefix("search-") && requests[1].hasSuffix(".txt"))
        let bodies = try messages.map { try String(contentsOfFile: "\(folder.outbox)/\($0)", encoding: .utf8) }
        #expect(bodies[2].contains(#""body":"2""#))
    }

    @Test func `a full inbox takes no more`() throws {
        var inbox = try Inbox(folder)
        for id in 0..<Inbox.mostFiles { #expect(try inbox.deliver(IncomingMail(message(id), ref: nil))) }
        #expect(try !inbox.deliver(IncomingMail(message(5_000), ref: nil)))
        #expect(try mailbox.unread().count == Inbox.mostFiles)
    }

    @Test func `mail that has come is returned at once and nothing when the time is over`() async throws {
        var inbox = try Inbox(folder)
        _ = try inbox.deliver(IncomingMail(message(1), ref: "a"))
        _ = try inbox.deliver(IncomingMail(message(2), ref: "b"))
        let found = try await mailbox.wait(seconds: 600) { $0.ref == "b" }
        #expect(found.map(\.id) == [2])
        #expect(try await mailbox.wait(seconds: 0) { $0.ref == "c" }.isEmpty)
    }

    @Test func `mail that comes later ends the waiting`() async throws {
        async let found = mailbox.wait(seconds: 600) { $0.ref == "late" }
        var inbox = try Inbox(folder)
        _ = try inbox.deliver(IncomingMail(message(1), ref: "late"))
        #expect(try await found.map(\.id) == [1])
    }

    @Test func `files of an inbox that are not mail are ignored`() throws {
        for (name, text) in [("1.json", "{"), ("2.txt", "x"), ("3.json", "[]")] {
            try UntrustedFile.create("\(folder.inbox)/\(name)", Array(text.utf8))
        }
        #expect(try mailbox.unread().isEmpty)
        #expect(try mailbox.read().isEmpty)
    }

    @Test func `requests beyond the limit are refused, for each kind by itself`() throws {
        var outbox = try Outbox(folder)
        for number in 100..<151 {
            try UntrustedFile.create("\(folder.outbox)/check-\(number).json", [])
            try UntrustedFile.create("\(folder.outbox)/search-\(number).txt", Array("w".utf8))
        }
        let arrivals = outbox.collect { _ in false }
        #expect(arrivals.filter { $0.content == .check }.map(\.name) == (100..<150).map { "check-\($0).json" })
        #expect(arrivals.filter { $0.content == .search("w") }.map(\.name) == (100..<150).map { "search-\($0).txt" })
        #expect(
            outbox.takeRefusals() == ["more than 50 requests for checks were made", "more than 50 searches were made"])
        #expect(outbox.takeRefusals().isEmpty)
        let refused = try FileManager.default.contentsOfDirectory(atPath: "\(folder.outbox)/refused").sorted()
        #expect(refused == ["check-150.json", "search-150.txt"])
    }

    @Test(arguments: [(1024, 1), (1025, 0)]) func `a search is at most 1 KiB`(length: Int, arrived: Int) throws {
        var outbox = try Outbox(folder)
        _ = try mailbox.requestSearch(String(repeating: "s", count: length))
        #expect(outbox.collect { _ in false }.count == arrived)
    }

    @Test(arguments: [(120, 1), (121, 0)]) func `a file name is at most 120 bytes`(length: Int, arrived: Int) throws {
        var outbox = try Outbox(folder)
        let name = String(repeating: "n", count: length)
        try UntrustedFile.create("\(folder.outbox)/\(name)", Array(#"{"kind":"lesson","body":"x"}"#.utf8))
        #expect(outbox.collect { _ in false }.count == arrived)
    }

    @Test func `a refused message is moved away with its reason`() throws {
        var outbox = try Outbox(folder)
        let name = try mailbox.send(OutgoingMail(kind: .lesson, body: "x"))
        #expect(outbox.collect { _ in false }.map(\.name) == [name])
        outbox.refuse(name, because: "unknown recipient")
        #expect(outbox.takeRefusals() == ["unknown recipient"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.outbox)/refused") == [name])
    }

    @Test func `a message that follows a malformed one arrives`() throws {
        var outbox = try Outbox(folder)
        try UntrustedFile.create("\(folder.outbox)/1.json", Array("{".utf8))
        #expect(outbox.collect { _ in false }.isEmpty)
        _ = try mailbox.send(OutgoingMail(kind: .lesson, body: "x"))
        #expect(outbox.collect { _ in false }.count == 1)
    }
}
