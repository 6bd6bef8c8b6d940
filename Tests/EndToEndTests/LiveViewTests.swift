import Foundation
import TestSupport
import Testing

/// The live view in real terminals: one in which the run works, and one from which it is watched.
@Suite(.ownThreads, .enabled(if: Tmux.path != nil, "tmux is not installed"))
struct LiveViewTests {
    private func shop() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "ask.py": "old\n", "first.py": "old\n", "hold.py": "old\n", "later.py": "old\n", "skip.py": "old\n",
        ])
        // A worker waits until its file is there, at most a minute.
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            decompose:
              strategy: list
              tasks:
                - {id: ask.py, files: [ask.py]}
                - {id: first.py, files: [first.py]}
                - {id: hold.py, files: [hold.py], approve: before-landing}
                - {id: later.py, files: [later.py]}
                - {id: skip.py, files: [skip.py]}
            workers:
              max_parallel: 2
              environment: [TRACE]
              ladder:
                - use: edit
                  run: |
                    echo {task} >>$TRACE
                    case {task} in ask.py) "$ORCHESTRATE_PROGRAM" message send --kind question --wait 300s "Which word?";; esac
                    for i in $(seq 600); do [ -e $(dirname $TRACE)/go-{task} ] && break; sleep 0.1; done
                    sed -i s/old/new/ {files}
                  attempts: 2
            """)
        return shop
    }

    private func go(_ shop: Workshop, _ tasks: String...) throws {
        for task in tasks { try Data().write(to: URL(fileURLWithPath: shop.directory.appending("shared/go-\(task)"))) }
    }

    private func status(_ shop: Workshop) -> [String: Any] {
        let text = (try? shop.orchestrate("status", "--json").text) ?? ""
        return (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) ?? [:]
    }

    private func state(_ shop: Workshop, of task: String) -> String? {
        let rows = status(shop)["rows"] as? [[String: Any]] ?? []
        return rows.first { $0["task"] as? String == task }?["state"] as? String
    }

    @Test func `every key takes effect from a second terminal, and kill -9 leaves it usable`() throws {
        let shop = try shop()
        let tmux = Tmux(shop)
        try tmux.open("run", width: 100, height: 30)
        try tmux.type("run", "\(Workshop.program) migrate --plan \(shop.planPath)", "Enter")
        shop.wait("the run draws its view") { tmux.screen("run").contains("landing queue:") }
        try tmux.open("watch", width: 80, height: 24)
        try tmux.type("watch", "\(Workshop.program) watch", "Enter")
        shop.wait("the other terminal draws it too") { tmux.screen("watch").contains("landing queue:") }
        #expect(tmux.format("watch", "#{pane_title}").contains("demo-1"))

        try tmux.type("watch", "p")
        shop.wait("the run is paused") { (status(shop)["waits"] as? String)?.isEmpty == false }
        shop.wait("both say so") { ["run", "watch"].allSatisfy { tmux.screen($0).contains("p continue") } }
        try tmux.type("watch", "p")
        shop.wait("the run goes on") { (status(shop)["waits"] as? String)?.isEmpty == true }

        try tmux.type("watch", "/", "skip.py", "Enter", "s")
        shop.wait("the task is skipped") { state(shop, of: "skip.py") == "skipped" }
        try tmux.type("watch", "R", "with care", "Enter")
        shop.wait("the task is taken up again") { state(shop, of: "skip.py") != "skipped" }
        try tmux.type("watch", "Escape", "/", "later.py", "Enter", "!")
        shop.wait("the view says that it is first") { tmux.screen("watch").contains("later.py") }
        try tmux.type("watch", "Enter")
        shop.wait("the task is explained") { tmux.screen("watch").contains("1 why") }
        try tmux.type("watch", "?")
        shop.wait("help is shown") { tmux.screen("watch").contains("Keys") }
        try tmux.type("watch", "Escape", "Escape", "Escape")

        shop.wait("the worker asks") { (status(shop)["questions"] as? [Any])?.isEmpty == false }
        try tmux.type("watch", "Tab")
        shop.wait("the question is selected") { tmux.screen("watch").contains("> ask.py") }
        try tmux.type("watch", "Space", "the new one", "Enter")
        shop.wait("the question has its answer") { (status(shop)["questions"] as? [Any])?.isEmpty == true }

        kill(try #require(tmux.program(in: "watch")), SIGKILL)
        shop.wait("the screen is given back") { tmux.format("watch", "#{alternate_on}") == "0" }
        try tmux.type("watch", "stty -a | tr ' ;' '\\n\\n' | grep -x echo && echo us''able", "Enter")
        shop.wait("the next prompt is usable") { tmux.screen("watch").contains("usable") }

        try tmux.type("watch", "\(Workshop.program) watch", "Enter")
        shop.wait("it can be watched again") { tmux.screen("watch").contains("landing queue:") }
        try go(shop, "ask.py", "first.py", "hold.py", "later.py", "skip.py")
        shop.wait("one waits for approval") { tmux.screen("watch").contains("needs you 1") }
        try tmux.type("watch", "Tab", "a")
        shop.wait("it landed") { (try? shop.landed().contains("hold.py")) == true }
        shop.wait("the run ends and gives its terminal back") { tmux.screen("run").contains("5 of 5 tasks done") }
        #expect(tmux.format("run", "#{alternate_on}") == "0")
        try tmux.type("watch", "q")
        shop.wait("q leaves") { tmux.format("watch", "#{alternate_on}") == "0" }
    }

    @Test func `without a terminal watch prints lines, and events as JSON`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.replacingPlan()
        let run = try shop.orchestrate("migrate", "--plan", shop.planPath, "--json")
        #expect(run.status == 0)
        let watched = try shop.orchestrate("watch", "--json")
        #expect(watched.status == 0)
        let events = try watched.text.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(events.first?["event"] as? String == "run-started")
        #expect(events.contains { $0["event"] as? String == "landed" })
        #expect(events.compactMap { $0["sequence"] as? Int } == Array(1...events.count))
        #expect(run.text.split(separator: "\n").count == events.count)
        #expect(run.errorText.contains("1 of 1 task done"))
        let lines = try shop.orchestrate("watch")
        #expect(lines.status == 0 && lines.text.contains("landed            a.py"))
    }
}
