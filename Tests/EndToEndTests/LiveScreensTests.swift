import Foundation
import TestSupport
import Testing

/// Every screen of the live view in real terminals of three sizes, on a run with names and outputs that attack terminals.
@Suite(.ownThreads, .enabled(if: Tmux.path != nil, "skipped: tmux is not installed"))
struct LiveScreensTests {
    private static let hostile = "\u{1B}]0;STOLEN\u{7}\u{9B}31m\u{202E}"

    /// One task lands and two fail: one has a file with a hostile name, and the check prints the same in its error.
    private func shop() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "good.py": "old\n", "ев世界.py": "import good\nold\n", "src/evil\(Self.hostile).py": "old\n",
            "check.sh": "case \"$1\" in good*) exit 0;; esac\n"
                + "printf '%s:3: NameError: \(Self.hostile)name is not defined\\n' \"$1\"; exit 1\n",
        ])
        try shop.plan(
            """
            scope: {include: ["**/*.py"]}
            workers:
              ladder: [{use: edit, run: "sed -i s/old/new/ {files}; printf '\\\\033]0;STOLEN\\\\007 said\\\\n'", attempts: 1}]
            verify:
              probe: off
              task: [{name: tests, run: "sh check.sh {files}"}]
            """)
        return shop
    }

    /// A screen: the keys that open it from the overview, and words on it.
    private static let screens: [(keys: [String], words: [String])] = [
        ([], ["landing queue: empty", "failing 2", "landed 1", "s skip"]),
        (["Enter"], ["1 why", "2 timeline", "is not defined"]),
        (["Enter", "3"], ["tests", "is not defined"]),
        (["l"], ["7 log", "said"]),
        (["L"], ["landing queue", " of "]),
        (["F"], ["2 tasks:", "NameError"]),
        (["Q"], ["questions"]),
        (["M"], ["messages"]),
        (["G"], ["wave"]),
        (["V"], ["good.py", "approve"]),
        (["?"], ["Keys"]),
    ]

    @Test func `each screen fits terminals of three sizes and shows nothing that steers them`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let tmux = Tmux(shop)
        try tmux.open("watch", width: 80, height: 24)
        try tmux.type("watch", "\(Workshop.program) watch", "Enter")
        for (width, height) in [(80, 24), (120, 40), (200, 60)] {
            try tmux.command("resize-window", "-t", "watch", "-x", "\(width)", "-y", "\(height)")
            for screen in Self.screens {
                try tmux.type("watch", "Home")
                try tmux.type("watch", screen.keys)
                shop.wait("\(screen.keys) shows its words at \(width) columns: \(tmux.screen("watch"))") {
                    let text = tmux.screen("watch")
                    return screen.words.allSatisfy { text.contains($0) }
                }
                let lines = tmux.screen("watch").split(separator: "\n", omittingEmptySubsequences: false)
                #expect(lines.count <= height + 1)
                // The keys that apply are on the last line.
                #expect(lines.last { !$0.isEmpty }?.contains(" ") ?? false)
                try tmux.type("watch", screen.keys == ["V"] ? "q" : "Escape")
                shop.wait("the overview is back: \(tmux.screen("watch"))") {
                    tmux.screen("watch").contains("landing queue:")
                }
            }
        }
        #expect(!tmux.format("watch", "#{pane_title}").contains("STOLEN"))
        try tmux.command("resize-window", "-t", "watch", "-x", "60", "-y", "15")
        shop.wait("a small terminal is told the least size") { tmux.screen("watch").contains("80") }
        try tmux.command("resize-window", "-t", "watch", "-x", "100", "-y", "30")
        shop.wait("the view is back") { tmux.screen("watch").contains("landing queue:") }
        try tmux.type("watch", "q")
        shop.wait("q leaves") { tmux.format("watch", "#{alternate_on}") == "0" }
    }
}
