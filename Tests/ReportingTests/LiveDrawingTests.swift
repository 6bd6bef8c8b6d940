import Model
import TestSupport
import Testing

@testable import Reporting
@testable import Store

struct LiveDrawingTests {
    private static let sizes = [(80, 24), (120, 40), (200, 60)]

    private func picture(_ scene: LiveScene, _ size: (Int, Int)) -> String {
        var scene = scene
        scene.view.resize(width: size.0, height: size.1)
        scene.view.settle(scene.data)
        return scene.view.draw(scene.data, now: LiveScene.now).text
    }

    @Test(arguments: sizes)
    func `the overview`(_ size: (Int, Int)) throws {
        try expectGolden("live-overview-\(size.0)x\(size.1).txt", picture(LiveScene(), size))
    }

    @Test(arguments: sizes)
    func `a task`(_ size: (Int, Int)) throws {
        var scene = LiveScene(lines: ["@@ -1 +1 @@", "-old", "+new"] + (1...80).map { "line \($0)" })
        scene.select("work.py")
        scene.press(.character("d"))
        try expectGolden("live-task-\(size.0)x\(size.1).txt", picture(scene, size))
    }

    @Test(arguments: ["peek", "answer", "confirm", "filter", "command", "paused", "queue", "questions", "help"])
    func `other screens`(_ name: String) throws {
        var scene = LiveScene(waits: name == "paused" ? "you paused it" : "")
        switch name {
        case "peek":
            scene.select("bad.py")
            scene.press(.character(" "))
        case "answer":
            scene.press(.character(" "))
            scene.type("the new one, 図")
        case "confirm":
            scene.select("work.py")
            scene.press(.character("s"))
        case "filter":
            scene.press(.character("/"))
            scene.type("s:failing")
        case "command":
            scene.press(.character(":"))
            scene.type("re")
        case "queue": scene.press(.character("L"))
        case "questions": scene.press(.character("Q"))
        case "help": scene.press(.character("?"))
        default: break
        }
        try expectGolden("live-\(name).txt", picture(scene, (80, 24)))
    }

    @Test func `a small terminal says what is needed`() {
        let text = picture(LiveScene(), (79, 24))
        #expect(text.hasPrefix("The live view needs 80 by 24 characters;\nthis terminal has 79 by 24."))
        #expect(picture(LiveScene(), (80, 23)).contains("80 by 23"))
        #expect(picture(LiveScene(), (1, 1)).count == 2)
    }

    @Test func `nothing of others reaches the terminal as a control character`() {
        var scene = LiveScene(lines: ["a\u{1B}[2Jb\u{9B}31m\u{7}"])
        scene.data.document.rows[0].action = "x\u{1B}]2;owned\u{7}y"
        scene.data.document.rows[0].title = "t\r\n\u{1B}[H"
        scene.data.document.questions[0].text = "q\u{1B}[31m\u{8}"
        for key in [Key.character(" "), .escape, .enter, .escape, .character("Q"), .escape, .character("/")] {
            scene.press(key)
            let grid = scene.view.draw(scene.data, now: LiveScene.now)
            for cell in grid.cells {
                #expect(cell.text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 })
            }
        }
    }

    @Test func `the selected row is marked without colours`() {
        let grid = LiveScene().view.draw(LiveScene().data, now: LiveScene.now)
        let row = (0..<grid.height).first { grid[$0, 0].text == ">" }
        #expect(row.map { grid[$0, 5].style.isReversed } == true)
    }

    @Test func `title and notification tell who is needed`() {
        var document = LiveScene.document()
        #expect(LiveSignals.title(document) == "2 need you · 9/25 · modernise-1")
        let first = String(decoding: LiveSignals.bytes(document, after: nil), as: UTF8.self)
        #expect(first == "\u{1B}]2;2 need you · 9/25 · modernise-1\u{1B}\\")
        #expect(LiveSignals.bytes(document, after: document).isEmpty)
        let before = document
        document.rows[4].group = .needsYou
        let later = String(decoding: LiveSignals.bytes(document, after: before), as: UTF8.self)
        #expect(later.contains("\u{1B}]2;3 need you"))
        #expect(later.hasSuffix("\u{1B}]9;modernise-1: work.py needs you\u{7}"))
        document.rows.removeAll { $0.group == .needsYou }
        #expect(LiveSignals.title(document) == "9/25 · modernise-1")
    }

    @Test(arguments: [
        (0.0, "0"), (950, "950"), (1000, "1k"), (45_210, "45k"), (999_499, "999k"), (999_500, "1.0M"),
        (1_250_000, "1.3M"), (250_000_000, "250M"),
    ])
    func `numbers fit narrow columns`(_ number: Double, text: String) {
        #expect(CompactText.number(number) == text)
    }

    @Test(arguments: [
        (0.0, "0.00"), (0.414, "0.41"), (1.05, "1.05"), (9.99, "9.99"), (12.34, "12.3"), (999.9, "999.9"),
        (4567.8, "4567"), (-1, "0.00"),
    ])
    func `money fits narrow columns`(_ usd: Double, text: String) {
        #expect(CompactText.money(usd) == text)
    }

    @Test(arguments: [
        (-5.0, "0s"), (59, "59s"), (60, "1m"), (3599, "59m"), (3900, "1h05"), (86_400, "1d"), (.nan, "0s"),
    ])
    func `ages fit narrow columns`(_ seconds: Double, text: String) {
        #expect(CompactText.age(seconds) == text)
    }

    @Test func `a link escapes what an address cannot have`() {
        #expect(FileLink.address("/a b/図.py") == "file:///a%20b/%E5%9B%B3.py")
    }

    @Test func `the estimate has a range where it is known`() {
        #expect(LiveView.rest(720, 540, 1200) == "about 12 m left (9 m to 20 m)")
        #expect(LiveView.rest(720, nil, nil) == "about 12 m left")
        #expect(LiveView.rest(720, 715, 716) == "about 12 m left")
    }
}

struct LiveTextTests {
    private func text(_ lines: [LiveLine]) -> String { lines.map { $0.text + "\n" }.joined() }

    @Test func `waves and the longest chain of open tasks`() throws {
        let sample = try SampleRun()
        let report = try sample.reader.read { try WavesReport($0, run: SampleRun.id) }
        try expectGolden("live-graph.txt", text(report.lines))
        #expect(
            report.chain.map(\.id.rawValue) == ["app-main.py", "app-end.py"]
                || report.chain.map(\.id.rawValue) == ["app-cli.py", "app-end.py"])
        #expect(report.waves.map(\.tasks.count) == [5, 5, 1])
    }

    @Test func `tasks that were added later may come before what they need`() throws {
        let records = try SampleRun().reader.read { try $0.tasks(of: SampleRun.id) }
        let (a, b) = (records[0], records[1])
        let report = WavesReport([a, b], dependencies: [a.id: [b.id], b.id: [TaskID("gone")]])
        #expect(report.waves.map { $0.tasks.map(\.id) } == [[b.id], [a.id]])
    }

    @Test func `tasks that failed in the same way are shown together`() throws {
        let sample = try SampleRun()
        try expectGolden(
            "live-failures.txt", text(try sample.reader.read { try FailureLines.lines($0, run: SampleRun.id) }))
    }

    @Test func `a diff and a report are coloured by their lines`() {
        let diff = LiveLine.diff("diff --git a b\n--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\tx\n same\n")
        #expect(diff.map(\.role) == [.heading, .heading, .heading, .busy, .bad, .good, nil])
        #expect(diff[5].text == "+new    x")
        #expect(LiveLine.report("title\n  row\n\n").map(\.role) == [.heading, nil, nil])
        #expect(LiveLine.plain("a\u{1B}[31mb\r\nc").map(\.text) == ["ab", "c"])
    }

    @Test func `an event is one line of JSON`() throws {
        let sample = try SampleRun()
        let lines = sample.events.map { EventDocument($0).json }
        #expect(lines.allSatisfy { !$0.contains("\n") })
        #expect(lines[0].contains("\"event\":\"run-started\"") && lines[0].contains("\"sequence\":1"))
        #expect(
            lines.contains { $0.contains("\"event\":\"attempt-failed\"") && $0.contains("\"task\":\"lib-broken.py\"") })
    }
}

extension StatusDocument {
    /// A running document without rows.
    static let sample: StatusDocument = {
        guard let sample = try? SampleRun(),
            let report = try? StatusReport(sample.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        else { fatalError("the sample run cannot be written") }
        var document = report.document
        document.run = "modernise-1"
        document.usage = .init(usd: 1.2, inputTokens: 400_000, cachedTokens: 20_000, outputTokens: 30_000)
        document.budget = [
            .init(name: "usd", used: 1.2, limit: 10), .init(name: "tokens", used: 450_000, limit: 2_000_000),
        ]
        document.counts = [
            "landed": 9, "running": 3, "failed": 1, "blocked": 1, "landing": 1, "verified": 2, "waiting": 8,
        ]
        document.estimateSeconds = 720
        document.estimateLowSeconds = 540
        document.estimateHighSeconds = 1200
        document.landedPerHour = 44.7
        document.firstAttemptShare = 0.78
        return document
    }()
}
