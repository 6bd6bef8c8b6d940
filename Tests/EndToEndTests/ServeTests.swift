import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The page of a run: what it shows, whom it obeys, and how it looks in a browser.
@Suite(.ownThreads) struct ServeTests {
    /// A running server.
    private final class Page: Sendable {
        let process: Process
        let base: String
        let token: String

        init(_ shop: Workshop, _ options: String...) throws {
            let file = shop.directory.appending("serve-\(UUID().uuidString)")
            process = try shop.start(["serve"] + options, environment: shop.environment, saying: file)
            let process = process
            shop.wait("the page has an address", for: process) {
                ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").contains("token=")
            }
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.contains("token=") })
            let parts = line.components(separatedBy: "/?token=")
            (base, token) = (parts[0], parts[1])
        }

        deinit { kill(process.processIdentifier, SIGTERM) }
    }

    /// Asks with curl, which sends exactly what it is told.
    private func curl(_ shop: Workshop, _ arguments: String...) throws -> ScratchProcessResult {
        try run(
            "/usr/bin/env", ["curl", "-s", "-m", "20", "-w", "\n%{http_code}"] + arguments, in: "/",
            environment: shop.environment, input: [])
    }

    private func status(_ result: ScratchProcessResult) -> String { String(result.text.suffix(3)) }

    private func shop() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "import a\nold\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              approve: before-landing
              ladder: [{run: "sed -i s/old/new/ {files}"}]
            """)
        return shop
    }

    @Test func `nothing is shown or done without the token, and nothing from elsewhere`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended").status == 4)
        let page = try Page(shop)
        let bearer = "Authorization: Bearer \(page.token)"
        let command = ["-H", "Content-Type: application/json", "-d", "{\"verb\":\"continue\"}"]
        #expect(status(try curl(shop, "\(page.base)/api/run")) == "401")
        #expect(
            status(try curl(shop, "\(page.base)/api/command", command[0], command[1], command[2], command[3])) == "401")
        #expect(status(try curl(shop, "-H", bearer, "-H", "Host: evil.example", "\(page.base)/api/run")) == "403")
        #expect(
            status(
                try curl(
                    shop, "-H", bearer, "-H", "Origin: http://evil.example", command[0], command[1], command[2],
                    command[3],
                    "\(page.base)/api/command")) == "403")
        let welcome = try curl(shop, "-i", "\(page.base)/?token=\(page.token)").text
        #expect(welcome.contains("303") && welcome.contains("HttpOnly; SameSite=Strict"), "\(welcome)")
        let html = try curl(shop, "-i", "-H", bearer, "\(page.base)/").text
        #expect(html.contains("Content-Security-Policy: default-src 'none'"), "\(html.prefix(800))")
        let shown = try curl(shop, "-H", bearer, "\(page.base)/api/run")
        #expect(status(shown) == "200" && shown.text.contains("\"need\":\"approval\""))
        #expect(try curl(shop, "-H", bearer, "\(page.base)/api/task?name=a.py").text.contains("+new"))
        #expect(try curl(shop, "-H", bearer, "\(page.base)/metrics").text.contains("# EOF"))
        // A command waits for the next coordinator, as a verb does.
        let approved = try curl(
            shop, "-H", bearer, command[0], command[1], "-d", "{\"verb\":\"approve\",\"task\":\"a.py\"}",
            "\(page.base)/api/command")
        #expect(approved.text.contains("Queued."), "\(approved.text)")
        #expect(try shop.orchestrate("resume", "--unattended").status == 4)
        #expect(try shop.landed() == ["a.py"])
        let after = try curl(shop, "-H", bearer, "\(page.base)/api/run").text
        #expect(after.contains("\"state\":\"landed\""), "\(after)")
    }

    @Test func `a page that is only read refuses commands`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended").status == 4)
        let page = try Page(shop, "--read-only")
        let answer = try curl(
            shop, "-H", "Authorization: Bearer \(page.token)", "-H", "Content-Type: application/json", "-d",
            "{\"verb\":\"continue\"}", "\(page.base)/api/command")
        #expect(status(answer) == "403")
    }

    private static let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: chromium != nil, "skipped: there is no Chromium"))
    func `a browser shows the run, pauses it and approves a task`() throws {
        let shop = try shop()
        let run = try shop.start("migrate", "--plan", shop.planPath)
        defer { kill(run.processIdentifier, SIGKILL) }
        shop.wait("a task waits for approval", for: run) {
            (try? shop.orchestrate("status").text.contains("orchestrate continue a.py")) == true
        }
        let page = try Page(shop)
        let steps = """
            {"wait": "document.querySelector('#main table') !== null"}
            {"wait": "document.title.startsWith('1 need you')"}
            {"click": "#pause"}
            {"wait": "document.querySelector('#told').textContent.startsWith('paused')"}
            {"wait": "document.querySelector('#continue') !== null"}
            {"click": "#continue"}
            {"wait": "document.querySelector('#pause') !== null"}
            {"go": "#graph"}
            {"wait": "document.querySelectorAll('svg rect').length == 2 && document.querySelectorAll('svg path').length == 1"}
            {"go": "#review"}
            {"click": "[id='approve-a.py']"}
            {"wait": "document.querySelector('#told').textContent.includes('a.py lands')"}
            {"wait": "document.querySelector('#main').textContent.includes('0 of 1 commits decided')"}
            {"wait": "document.querySelector('.card pre .add') !== null"}
            {"click": ".card button[id^='approve-']"}
            {"wait": "document.querySelector('#main').textContent.includes('1 of 1 commits decided')"}
            {"click": ".card button[id^='undo-']"}
            {"wait": "document.querySelector('#main').textContent.includes('0 of 1 commits decided')"}
            {"go": "#task/a.py"}
            {"wait": "document.querySelector('#diff .add') !== null"}
            {"print": "document.querySelector('#explain').textContent.includes('landed')"}
            {"print": "location.search"}
            {"requests": true}

            """
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("browse.py")
            .path
        let result = try TestSupport.run(
            "/usr/bin/env",
            ["python3", script, Self.chromium ?? "", shop.directory.path, "\(page.base)/?token=\(page.token)"], in: "/",
            environment: shop.environment, input: Array(steps.utf8), limit: 300)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text == "True\n\n127.0.0.1\n", "\(result.text)")
        #expect(try shop.landed() == ["a.py"])
    }
}
