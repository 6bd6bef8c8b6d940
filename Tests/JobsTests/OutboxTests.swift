import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// An outbox that a malicious job fills.
@Suite struct OutboxTests {
    private let directory: ScratchDirectory
    private let folder: JobFolder

    init() throws {
        directory = try ScratchDirectory("outbox")
        folder = JobFolder(existing: try directory.makeDirectory("job"))
        try directory.makeDirectory("job/outbox")
        try directory.makeDirectory("job/inbox")
    }

    private func put(_ name: String, _ text: String) throws {
        try UntrustedFile.create("\(folder.outbox)/\(name)", Array(text.utf8))
    }

    private func names(_ below: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder.outbox)\(below)").sorted()
    }

    private func mail(_ outbox: inout Outbox) -> [OutgoingMail] {
        outbox.collect { _ in false }.compactMap { arrival in
            if case .mail(let mail) = arrival.content { mail } else { nil }
        }
    }

    @Test func `a message arrives once and is moved away when its fact is stored`() throws {
        let sent = OutgoingMail(kind: .lesson, to: "dependents", body: "Beware.", files: ["a.py"])
        let name = try JobMailbox(folder).send(sent)
        var outbox = try Outbox(folder)
        let arrivals = outbox.collect { _ in false }
        #expect(arrivals.map(\.name) == [name])
        #expect(arrivals.map(\.content) == [.mail(sent)])
        #expect(outbox.collect { _ in false }.isEmpty)
        #expect(try names() == [name])
        outbox.finish(name)
        #expect(try names() == ["taken"])
        #expect(try names("/taken") == [name])
        #expect(outbox.takeRefusals().isEmpty)
    }

    @Test func `a file that was taken in before a crash is only moved away`() throws {
        try put("1.json", #"{"kind":"lesson","body":"x"}"#)
        var outbox = try Outbox(folder)
        #expect(outbox.collect { $0 == "1.json" }.isEmpty)
        #expect(try names("/taken") == ["1.json"])
    }

    @Test func `of ten thousand messages a hundred arrive and the rest is counted`() throws {
        for number in 0..<10_000 { try put("\(100_000 + number).json", #"{"kind":"lesson","body":"x"}"#) }
        var outbox = try Outbox(folder)
        #expect(mail(&outbox).count == Outbox.mostMessages)
        #expect(mail(&outbox).isEmpty)
        #expect(outbox.collect(isLast: true) { _ in false }.isEmpty)
        #expect(
            outbox.takeRefusals() == ["more than 100 messages were sent; the rest was dropped (9900 times)"])
        #expect(try !names().contains("refused"))
    }

    @Test func `a check requested after the limit of messages still arrives`() throws {
        for number in 0..<Outbox.mostMessages { try put("\(100_000 + number).json", #"{"kind":"lesson","body":"x"}"#) }
        var outbox = try Outbox(folder)
        #expect(mail(&outbox).count == Outbox.mostMessages)
        let mailbox = JobMailbox(folder)
        let names = [try mailbox.requestChecks(), try mailbox.requestSearch("typing")]
        try put("999999.json", #"{"kind":"lesson","body":"one too many"}"#)
        let arrivals = outbox.collect { _ in false }
        #expect(arrivals.map(\.name) == names)
        #expect(arrivals.map(\.content) == [.check, .search("typing")])
        #expect(outbox.takeRefusals().isEmpty)
        #expect(outbox.collect(isLast: true) { _ in false }.isEmpty)
        #expect(outbox.takeRefusals() == ["more than 100 messages were sent; the rest was dropped"])
    }

    @Test func `a long body is cut, and a body of 10 MB is not even read`() throws {
        try put("1.json", #"{"kind":"lesson","body":"\#(String(repeating: "ä", count: 20_000))"}"#)
        try put("2.json", #"{"kind":"lesson","body":"\#(String(repeating: "x", count: 10 << 20))"}"#)
        var outbox = try Outbox(folder)
        let bodies = mail(&outbox).map(\.body)
        #expect(bodies.count == 1)
        #expect(bodies.allSatisfy { $0.utf8.count <= OutgoingMail.largestBody + 6 && $0.hasSuffix("ä\n[cut]") })
        #expect(
            outbox.takeRefusals() == [
                "a body of 40000 bytes was cut to 16384", "a file of the outbox was larger than 1048576 bytes",
            ])
    }

    @Test func `all messages of an attempt together are limited too`() throws {
        for number in 10..<40 {
            try put("\(number).json", #"{"kind":"lesson","body":"\#(String(repeating: "x", count: 16_000))"}"#)
        }
        var outbox = try Outbox(folder)
        #expect(mail(&outbox).count == Outbox.mostBytes / 16_000)
        #expect(outbox.takeRefusals().first?.hasPrefix("more than 262144 bytes of messages were sent") == true)
    }

    @Test func `links, pipes, devices, folders and odd names are refused and not followed`() throws {
        let secret = directory.appending("secret.json")
        try Data(#"{"kind":"lesson","body":"secret"}"#.utf8).write(to: URL(fileURLWithPath: secret))
        let files = FileManager.default
        try files.createSymbolicLink(atPath: "\(folder.outbox)/1.json", withDestinationPath: secret)
        try files.createSymbolicLink(atPath: "\(folder.outbox)/2.json", withDestinationPath: "/dev/zero")
        #expect(mkfifo("\(folder.outbox)/3.json", 0o600) == 0)
        try directory.makeDirectory("job/outbox/4.json")
        try put("5 ;rm -rf.json", #"{"kind":"lesson","body":"x"}"#)
        try put(".6.json", #"{"kind":"lesson","body":"half written"}"#)
        var outbox = try Outbox(folder)
        #expect(mail(&outbox).isEmpty)
        #expect(
            outbox.takeRefusals() == [
                "something in the outbox was not a plain file (4 times)", "a file had a name that is not allowed",
            ])
        #expect(try names() == [".6.json", "refused"])
        #expect(files.fileExists(atPath: secret))
    }

    @Test(arguments: ["taken", "refused"])
    func `a link in place of a folder leads nothing out of the job folder`(name: String) throws {
        let outside = try directory.makeDirectory("outside")
        try FileManager.default.createSymbolicLink(atPath: "\(folder.outbox)/\(name)", withDestinationPath: outside)
        try put("authorized_keys", #"{"kind":"lesson","body":"x"}"#)
        try put("bad", "{")
        var outbox = try Outbox(folder)
        #expect(mail(&outbox).count == 1)
        outbox.finish("authorized_keys")
        #expect(mail(&outbox).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
    }

    @Test func `a link in place of the outbox or the inbox is not opened`() throws {
        let files = FileManager.default
        for path in [folder.outbox, folder.inbox] {
            try files.removeItem(atPath: path)
            try files.createSymbolicLink(atPath: path, withDestinationPath: directory.path)
        }
        #expect(throws: JobsError.self) { try Outbox(folder) }
        #expect(throws: JobsError.self) { try Inbox(folder) }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"kind":"gossip","body":"x"}"#, #"{"kind":"lesson"}"#, #"{"kind":"lesson","body":" \n"}"#,
        #"{"kind":"lesson","body":7}"#, "\u{0}\u{0}", String(repeating: "[", count: 100_000),
    ])
    func `a malformed message is refused`(text: String) throws {
        try put("1.json", text)
        var outbox = try Outbox(folder)
        #expect(mail(&outbox).isEmpty)
        #expect(outbox.takeRefusals().count == 1)
    }

    @Test func `a forged sender and time are ignored and paths out of the checkout are left out`() throws {
        try put(
            "1.json",
            #"""
            {"kind":"warning","body":"a\u001b[2Jb\u202ec","from":"human","sender":"coordinator","time":0,"id":1,
             "files":["/etc/passwd","../x","a/../../b","./src//a.py","ok.py\n","","ok.py"],"wait_seconds":5}
            """#)
        var outbox = try Outbox(folder)
        #expect(
            mail(&outbox) == [OutgoingMail(kind: .warning, body: "abc", files: ["src/a.py", "ok.py"])])
        #expect(outbox.takeRefusals() == ["5 paths were left out"])
    }

    @Test func `delivered mail is read once, in order, and kept`() throws {
        var inbox = try Inbox(folder)
        for id in [12, 3] {
            let message = Message(
                id: id, kind: .answer, sender: .human, audience: .everyone, body: "\(id)", time: Timestamp(seconds: 1))
            #expect(try inbox.deliver(IncomingMail(message, ref: "q.json")))
        }
        let mailbox = JobMailbox(folder)
        let mail = try mailbox.unread()
        #expect(mail.map(\.id) == [3, 12])
        #expect(mail.map(\.ref) == ["q.json", "q.json"])
        try mailbox.markRead(mail)
        #expect(try mailbox.unread().isEmpty)
        #expect(try mailbox.read() == mail)
    }
}
