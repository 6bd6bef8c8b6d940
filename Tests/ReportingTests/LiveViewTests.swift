import Model
import Testing

@testable import Reporting

/// A document with a task in every group, and the keys of a person on it.
struct LiveScene {
    var view: LiveView
    var data: LiveData
    var effects: [LiveEffect] = []

    static let now = Timestamp(seconds: 1_790_000_725)

    init(isOwner: Bool = false, waits: String = "", isActive: Bool = true, lines: [String] = []) {
        view = LiveView(isOwner: isOwner)
        data = LiveData(
            document: Self.document(waits: waits, isActive: isActive), lines: lines.map { LiveLine($0) },
            repository: "/repo")
        view.settle(data)
    }

    static func row(
        _ task: String, _ group: TaskRow.Group, _ state: TaskState, action: String = "", need: TaskRow.Need? = nil,
        question: Int? = nil, worker: String? = nil, phase: RunPhase? = nil
    ) -> TaskRow {
        TaskRow(
            task: task, title: "Use the new interface in \(task)", group: group, state: state.rawValue,
            files: ["src/\(task)"], attempt: worker == nil ? 0 : 1, worker: worker, phase: phase?.rawValue,
            action: action, since: now.seconds - 95, tokens: worker == nil ? nil : 45_210,
            usd: worker == nil ? nil : 0.41, need: need, question: question)
    }

    static func document(waits: String = "", isActive: Bool = true) -> StatusDocument {
        var rows = [
            row(
                "ask.py", .needsYou, .running, action: "asks: Which name?", need: .answer, question: 3, worker: "codex"),
            row(
                "hold.py", .needsYou, .verified, action: "verified; waits for your approval", need: .approval,
                worker: "codex"),
            row(
                "bad.py", .failing, .failed, action: "test_bad.py:12 AssertionError: Lists differ: [1] != [2]",
                worker: "codex"),
            row("stuck.py", .failing, .blocked, action: "blocked by bad.py"),
            row("work.py", .working, .running, action: "edits src/work.py", worker: "claude-code", phase: .working),
            row("図形.py", .working, .running, action: "check tests", worker: "codex", phase: .checking),
            row(
                "land.py", .landing, .landing, action: "candidate 7: check tests", worker: "codex",
                phase: .checkingCandidate),
            row("next.py", .landing, .verified, action: "verified; waits for its turn", worker: "codex"),
        ]
        for number in 1...8 { rows.append(row("wait\(number).py", .queued, .waiting, action: "waits for 2 tasks")) }
        for number in 1...9 {
            rows.append(row("done\(number).py", .landed, .landed, action: "commit abc123", worker: "codex"))
        }
        var document = StatusDocument.sample
        document.rows = rows
        document.waits = waits
        document.isActive = isActive
        document.questions = [.init(id: 3, task: "ask.py", text: "Which name?\nOld or new", time: now.seconds - 20)]
        document.landing = [.init(candidate: 7, tasks: ["land.py"], since: now.seconds - 10, seconds: 10)]
        return document
    }

    mutating func press(_ keys: Key...) {
        for key in keys { if let effect = view.press(key, data) { effects.append(effect) } }
    }

    mutating func type(_ text: String) { for character in text { press(.character(character)) } }

    /// Selects a task.
    mutating func select(_ task: String) {
        view.selected = "task \(task)"
        view.settle(data)
    }

    var selected: String? { view.subject(data.document)?.task }
}

struct LiveViewTests {
    @Test func `open pull requests are on the overview, with what the host said of them`() throws {
        var scene = LiveScene()
        #expect(!scene.view.draw(scene.data, now: LiveScene.now).text.contains("pull requests"))
        let commit = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        func request(_ number: Int, _ phase: RequestState.Phase, failed: Bool = false) throws
            -> StatusDocument.PullRequest
        {
            var request = BranchRequest(
                name: "team\u{1B}-\(number)", branch: "b\(number)", parent: nil, owners: [], tasks: [TaskID("t")],
                files: [], commit: commit, tree: commit)
            request.request = .init(
                number: number, url: "https://example.com/\(number)", opened: LiveScene.now,
                state: RequestState(
                    number: number, url: "", phase: phase, head: nil, base: "main",
                    checks: failed ? [.init(name: "ci", outcome: .failed)] : []))
            return try #require(StatusDocument.PullRequest(request))
        }
        scene.data.document.pullRequests = [
            try request(12, .open, failed: true), try request(13, .draft), try request(9, .merged),
        ]
        scene.view.resize(width: 120, height: 40)
        let text = scene.view.draw(scene.data, now: LiveScene.now).text
        #expect(text.contains("pull requests: 2 open: #12 team"), "\(text)")
        #expect(text.contains("(1 red), #13 team") && text.contains(" draft, 1 merged"), "\(text)")
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `V opens the review queue once something has landed`() {
        var scene = LiveScene()
        scene.press(.character("V"))
        #expect(scene.effects.isEmpty && scene.view.notice?.text.contains("nothing has landed yet") == true)
        for index in scene.data.document.rows.indices where scene.data.document.rows[index].group == .landed {
            scene.data.document.rows[index].commit = "abc123"
        }
        scene.press(.character("V"))
        #expect(scene.effects == [.review])
    }

    @Test func `the first row is selected, and j and k move`() {
        var scene = LiveScene()
        #expect(scene.selected == "ask.py")
        scene.press(.character("j"))
        #expect(scene.selected == "hold.py")
        scene.press(.down, .down)
        #expect(scene.selected == "stuck.py")
        scene.press(.character("k"), .up)
        #expect(scene.selected == "hold.py")
        scene.press(.up, .up, .up)
        #expect(scene.selected == "ask.py")
        scene.press(.end)
        #expect(scene.view.selected == "more landed")
        scene.press(.home)
        #expect(scene.selected == "ask.py")
        scene.press(.pageDown)
        #expect(scene.selected != "ask.py")
        scene.press(.pageUp, .pageUp)
        #expect(scene.selected == "ask.py")
    }

    @Test func `the selection stays on its task when rows change`() {
        var scene = LiveScene()
        scene.select("work.py")
        scene.data.document.rows.removeFirst(2)
        scene.view.settle(scene.data)
        #expect(scene.selected == "work.py")
        scene.data.document.rows.removeAll { $0.task == "work.py" }
        scene.view.settle(scene.data)
        #expect(scene.selected == "bad.py")
    }

    @Test func `Enter opens a task, Esc goes back`() {
        var scene = LiveScene()
        scene.press(.enter)
        #expect(scene.view.screen == .task(TaskID("ask.py")))
        #expect(scene.view.part == .task(TaskID("ask.py"), .why))
        scene.press(.escape)
        #expect(scene.view.screen == .overview)
        scene.press(.escape)
        #expect(scene.view.notice?.text == "Esc (back): this is the first screen")
    }

    @Test(arguments: [
        (Key.character("l"), LiveView.Tab.log), (.character("d"), .diff), (.character("P"), .prompt),
        (.character("e"), .why),
    ])
    func `a key opens its page of the task`(_ key: Key, tab: LiveView.Tab) {
        var scene = LiveScene()
        scene.select("work.py")
        scene.press(key)
        #expect(scene.view.part == .task(TaskID("work.py"), tab))
        #expect(scene.view.isFollowing == (tab == .log))
    }

    @Test func `pages of a task are turned by arrows and by number`() {
        var scene = LiveScene()
        scene.press(.enter, .right)
        #expect(scene.view.tab == .timeline)
        scene.press(.left, .left)
        #expect(scene.view.tab == .messages)
        scene.press(.character("4"))
        #expect(scene.view.tab == .diff)
        scene.press(.character("9"))
        #expect(scene.view.tab == .diff)
        #expect(scene.view.notice != nil)
    }

    @Test(arguments: [
        (Key.character("L"), LiveView.Screen.queue), (.character("F"), .failures), (.character("Q"), .questions),
        (.character("M"), .messages), (.character("G"), .graph), (.character("?"), .help),
    ])
    func `a key opens its screen`(_ key: Key, screen: LiveView.Screen) {
        var scene = LiveScene()
        scene.press(key)
        #expect(scene.view.screen == screen)
        scene.press(.escape)
        #expect(scene.view.screen == .overview)
    }

    @Test(arguments: [
        ("bad.py", Key.character("r"), Control.Command.retry(task: TaskID("bad.py"), request: nil)),
        ("bad.py", .character("s"), .skip(task: TaskID("bad.py"))),
        ("hold.py", .character("a"), .approve(task: TaskID("hold.py"))),
        ("wait1.py", .character("!"), .prioritise(task: TaskID("wait1.py"))),
        ("bad.py", .character("p"), .pause),
    ])
    func `a key sends its command`(_ task: String, key: Key, command: Control.Command) {
        var scene = LiveScene()
        scene.select(task)
        scene.press(key)
        #expect(scene.effects == [.command(command)])
        #expect(scene.view.confirmation == nil)
    }

    @Test func `p continues a paused run, a stopped one too`() {
        var paused = LiveScene(waits: "a person has paused it")
        paused.press(.character("p"))
        #expect(paused.effects == [.command(.proceed)])
        var gone = LiveScene(waits: "a checkpoint", isActive: false)
        gone.press(.character("p"))
        #expect(gone.effects == [.command(.proceed)])
    }

    @Test func `only what loses work asks first`() {
        for (task, key) in [
            ("work.py", Key.character("r")), ("work.py", .character("s")), ("land.py", .character("r")),
        ] {
            var scene = LiveScene()
            scene.select(task)
            scene.press(key)
            #expect(scene.effects.isEmpty)
            #expect(scene.view.confirmation?.question.contains(task) == true)
            scene.press(.character("x"))
            #expect(scene.view.confirmation != nil)
            scene.press(.character("n"))
            #expect(scene.effects.isEmpty && scene.view.confirmation == nil)
            #expect(scene.view.notice?.text == "nothing was done")
            scene.press(key, .character("y"))
            #expect(scene.effects.count == 1)
        }
    }

    @Test(arguments: [
        ("done1.py", Key.character("r"), "done1.py is done already"),
        ("done1.py", .character("R"), "done1.py is done already"),
        ("done1.py", .character("s"), "done1.py is done already"),
        ("work.py", .character("a"), "work.py does not wait for approval"),
        ("work.py", .character("!"), "work.py is running already"),
        ("wait1.py", .character("l"), "no attempt at wait1.py has begun"),
        ("wait1.py", .character("d"), "no attempt at wait1.py has begun"),
        ("wait1.py", .character("P"), "no attempt at wait1.py has begun"),
    ])
    func `a key that does not apply says why`(_ task: String, key: Key, why: String) {
        var scene = LiveScene()
        scene.select(task)
        scene.press(key)
        #expect(scene.effects.isEmpty)
        #expect(scene.view.screen == .overview)
        #expect(scene.view.notice?.text.hasSuffix(why) == true)
    }

    @Test func `a run that is gone cannot be paused, and an unknown key says so`() {
        var scene = LiveScene(isActive: false)
        scene.press(.character("p"))
        #expect(scene.view.notice?.text.contains("'orchestrate resume' continues it") == true)
        scene.press(.character("z"))
        #expect(scene.view.notice?.text == "z does nothing; ? shows the keys")
        scene.press(.character("v"))
        #expect(scene.view.notice?.text == "v (pager) has no use on this screen")
        #expect(scene.effects.isEmpty)
    }

    @Test func `R retries with a typed note`() {
        var scene = LiveScene()
        scene.select("bad.py")
        scene.press(.character("R"))
        scene.type("keep q ")
        scene.press(.paste("the order"), .backspace, .enter)
        #expect(
            scene.effects == [
                .command(.retry(task: TaskID("bad.py"), request: RetryRequest(note: "keep q the orde")))
            ])
        scene.press(.character("R"), .enter)
        #expect(scene.effects.count == 1)
        #expect(scene.view.notice?.text == "nothing was typed, so nothing was sent")
    }

    @Test func `Space peeks, and answers a question in place`() {
        var scene = LiveScene()
        scene.press(.character(" "))
        #expect(scene.view.isPeeking)
        scene.type("the new one")
        scene.press(.enter)
        #expect(scene.effects == [.answer(question: 3, text: "the new one")])
        #expect(!scene.view.isPeeking)
        scene.select("work.py")
        scene.press(.character(" "))
        #expect(scene.view.isPeeking && scene.view.input == nil)
        scene.press(.character(" "))
        #expect(!scene.view.isPeeking)
        scene.select("ask.py")
        scene.press(.character(" "), .escape)
        #expect(!scene.view.isPeeking && scene.view.input == nil && scene.effects.count == 1)
    }

    @Test func `Tab goes to the next row that needs you`() {
        var scene = LiveScene()
        scene.select("done1.py")
        scene.press(.tab)
        #expect(scene.selected == "ask.py")
        scene.press(.tab)
        #expect(scene.selected == "hold.py")
        scene.press(.tab)
        #expect(scene.selected == "ask.py")
        scene.data.document.rows.removeFirst(2)
        scene.view.settle(scene.data)
        scene.press(.tab)
        #expect(scene.view.notice?.text == "Tab (needs you): nothing needs you")
    }

    @Test(arguments: [
        ("s:failing", ["bad.py", "stuck.py"]), ("s:blocked", ["stuck.py"]), ("w:claude", ["work.py"]),
        ("d:src/ask", ["ask.py"]), ("lists differ", ["bad.py"]), ("s:working w:codex", ["図形.py"]),
        ("o:@core", ["work.py"]), ("nothing like it", []),
    ])
    func `the filter shows rows that match every part`(_ filter: String, tasks: [String]) {
        var scene = LiveScene()
        let place = scene.data.document.rows.firstIndex { $0.task == "work.py" }
        if let place { scene.data.document.rows[place].owners = ["@core"] }
        scene.press(.character("/"))
        scene.type(filter)
        let shown = scene.view.items(scene.data.document).compactMap { item -> String? in
            if case .row(let index) = item { return scene.data.document.rows[index].task }
            return nil
        }
        #expect(shown == tasks)
        scene.press(.enter)
        #expect(scene.view.filter == filter && scene.view.input == nil)
        scene.press(.escape)
        #expect(scene.view.filter.isEmpty)
    }

    @Test func `long groups are short until they are opened`() {
        var scene = LiveScene()
        scene.press(.end)
        #expect(scene.view.selected == "more landed")
        scene.press(.enter)
        scene.press(.end)
        #expect(scene.selected == "done9.py")
    }

    @Test func `g groups by state, worker and directory`() {
        var scene = LiveScene()
        scene.press(.character("g"))
        #expect(scene.view.grouping == .state)
        #expect(scene.view.items(scene.data.document).contains(.header(key: "failed", title: "failed", count: 1)))
        scene.press(.character("g"))
        #expect(
            scene.view.items(scene.data.document).contains(.header(key: "claude-code", title: "claude-code", count: 1)))
        scene.press(.character("g"))
        #expect(scene.view.items(scene.data.document).contains(.header(key: "src/", title: "src/", count: 25)))
        scene.press(.character("g"))
        #expect(scene.view.grouping == .actor)
    }

    @Test func `a command is completed and carried out`() {
        var scene = LiveScene()
        scene.press(.character(":"))
        scene.type("ski")
        scene.press(.tab)
        scene.type("ba")
        scene.press(.tab, .enter)
        #expect(scene.effects == [.command(.skip(task: TaskID("bad.py")))])
        scene.press(.character(":"))
        scene.type("stop")
        scene.press(.enter)
        #expect(scene.effects.count == 1)
        scene.press(.character("y"))
        #expect(scene.effects.last == .command(.stop(atOnce: false)))
        scene.press(.character(":"))
        scene.type("frobnicate")
        scene.press(.enter)
        #expect(scene.view.notice?.text.contains("unknown command") == true)
        scene.press(.character(":"))
        scene.type("retry nosuch")
        scene.press(.enter)
        #expect(scene.view.notice?.text == "no task is called 'nosuch'")
        scene.press(.character(":"))
        scene.type("q")
        scene.press(.control("u"), .control("w"))
        scene.type("quit")
        scene.press(.enter)
        #expect(scene.effects.last == .leave)
    }

    @Test func `q leaves a watched run, and asks where it would stop the run`() {
        var watched = LiveScene()
        watched.press(.character("q"))
        #expect(watched.effects == [.leave])
        var own = LiveScene(isOwner: true)
        own.press(.character("q"))
        #expect(own.effects.isEmpty)
        own.press(.character("q"))
        #expect(own.effects.isEmpty && own.view.confirmation == nil)
        own.press(.character("q"), .character("y"))
        #expect(own.effects == [.command(.stop(atOnce: false))])
        var ended = LiveScene(isOwner: true, isActive: false)
        ended.press(.character("q"))
        #expect(ended.effects == [.leave])
    }

    @Test func `y copies the task, or the lines on the screen`() {
        var scene = LiveScene(lines: (1...100).map { "line \($0)" })
        scene.press(.character("y"))
        #expect(scene.effects == [.copy("ask.py")])
        scene.press(.enter, .character("y"))
        guard case .copy(let text) = scene.effects.last else {
            Issue.record("nothing was copied")
            return
        }
        #expect(text.hasPrefix("line 1\nline 2\n") && text.split(separator: "\n").count == scene.view.textHeight)
        scene.press(.character("v"))
        #expect(scene.effects.last == .page)
    }

    @Test func `a text scrolls, is searched and followed`() {
        var scene = LiveScene(lines: (1...100).map { "line \($0)" })
        scene.press(.enter, .down, .down)
        #expect(scene.view.reading.top == 2)
        scene.press(.end)
        #expect(scene.view.reading.top == 100 - scene.view.textHeight)
        scene.press(.home, .character("/"))
        scene.type("LINE 4")
        scene.press(.enter)
        #expect(scene.view.reading.top == 3)
        scene.press(.character("n"))
        #expect(scene.view.reading.top == 39)
        scene.press(.character("N"))
        #expect(scene.view.reading.top == 3)
        scene.press(.character("N"))
        #expect(scene.view.reading.top == 48)
        scene.press(.character("/"), .control("u"))
        scene.type("absent")
        #expect(scene.view.notice?.text == "'absent' is not in this text")
        scene.press(.escape, .character("n"))
        #expect(scene.view.notice?.text.hasSuffix("search with / first") == true)
        scene.press(.character("f"))
        #expect(scene.view.isFollowing)
        scene.data.lines.append(LiveLine("line 101"))
        scene.view.settle(scene.data)
        #expect(scene.view.reading.top == 101 - scene.view.textHeight)
        scene.press(.up)
        #expect(!scene.view.isFollowing && scene.view.reading.top == 100 - scene.view.textHeight)
    }

    @Test func `Ctrl-L and Ctrl-Z work anywhere`() {
        var scene = LiveScene()
        scene.press(.character("/"), .control("l"), .control("z"))
        #expect(scene.effects == [.redraw, .suspend])
    }

    @Test func `keys that apply are listed, the others are not`() {
        var scene = LiveScene()
        scene.select("hold.py")
        var keys = scene.view.applying(scene.data).map(\.key)
        #expect(keys.contains("a") && keys.contains("Tab") && !keys.contains("v"))
        scene.select("done1.py")
        keys = scene.view.applying(scene.data).map(\.key)
        #expect(!keys.contains("a") && !keys.contains("r") && !keys.contains("s"))
        scene.press(.enter)
        keys = scene.view.applying(scene.data).map(\.key)
        #expect(keys.contains("v") && keys.contains("Esc") && keys.contains("→") && !keys.contains("n"))
    }

    @Test func `no key leads to a trap`() {
        let keys: [Key] =
            [
                .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .home, .end, .pageUp,
                .pageDown,
            ]
            + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /:!?図".map(Key.character) + [
                .paste("x y")
            ]
        var generator = SystemRandomNumberGenerator()
        for isOwner in [true, false] {
            var scene = LiveScene(isOwner: isOwner, lines: (1...60).map { "line \($0) 図" })
            for _ in 0..<3000 {
                guard let key = keys.randomElement(using: &generator) else { continue }
                scene.press(key)
                if Int.random(in: 0..<20, using: &generator) == 0 {
                    scene.view.resize(width: Int.random(in: 1...120), height: Int.random(in: 1...40))
                    scene.view.settle(scene.data)
                }
                let grid = scene.view.draw(scene.data, now: LiveScene.now)
                #expect(grid.width == scene.view.width)
            }
        }
    }
}
