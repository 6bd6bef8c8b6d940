import Foundation
import TestSupport
import Testing

/// What is said of a migration while it goes on and after it: progress, the ratchet and the report.
@Suite(.ownThreads) struct RecordTests {
    private func shop() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "a/a.py": "old = 1\n", "a/b.py": "import a.a\nold = 2\n", "c/c.py": "old = 3\n", "c/done.py": "x = 1\n",
            "CODEOWNERS": "a/ @a\n",
        ])
        let looks = shop.directory.appending("shared/looks")
        try shop.plan(
            """
            scope: {include: ["**/*.py"]}
            workers: {ladder: [{use: replace, run: "sed -i s/old/new/g {files}; test {task} != c-c.py", attempts: 1}]}
            verify:
              probe: off
              done: [{name: no old, run: "echo {file} >>'\(looks)'; ! grep -q old {file}"}]
              landing: [{name: any, run: "true"}]
            """)
        return shop
    }

    private func looks(_ shop: Workshop) -> Int {
        let text = try? String(contentsOfFile: shop.directory.appending("shared/looks"), encoding: .utf8)
        return (text ?? "").split(separator: "\n").count
    }

    @Test func `progress is told at every commit, and a second look runs no command`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let page = shop.directory.appending("burndown.html")
        let first = try shop.orchestrate(
            "progress", "--plan", shop.planPath, "--by", "owner", "--html", page)
        #expect(first.status == 0, "\(first.errorText)")
        #expect(first.text.contains("1 of 4 done, 25 %") && first.text.contains("3 of 4 done, 75 %"), "\(first.text)")
        #expect(first.text.contains("@a") && first.text.contains("2 of 2 done, 100 %"))
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<polyline"))
        let count = looks(shop)
        let again = try shop.orchestrate("progress", "--plan", shop.planPath, "--json")
        #expect(again.status == 0 && looks(shop) == count)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(again.text.utf8)) as? [String: Any])
        let commits = try #require(document["commits"] as? [[String: Any]])
        #expect(commits.map { $0["done"] as? Int } == [1, 3] && commits[1]["open"] as? [String] == ["c/c.py"])
        #expect((document["burndown"] as? [Any])?.count == 2)
    }

    @Test func `the ratchet refuses what comes undone and what is new`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.orchestrate("land").status == 0)
        try shop.repository.git("switch", "--quiet", "-c", "change")
        try shop.repository.commit(["other": "1\n", "c/c.py": "old = 4\n"])
        let good = try shop.orchestrate("check", "--plan", shop.planPath, "--ratchet")
        #expect(good.status == 0, "\(good.text)\(good.errorText)")
        try shop.repository.commit(["a/a.py": "old = 1\n", "c/d.py": "old = 5\n"])
        let bad = try shop.orchestrate("check", "--plan", shop.planPath, "--ratchet", "--base", "main")
        #expect(bad.status == 1, "\(bad.errorText)")
        #expect(bad.text.contains("regressed  a/a.py") && bad.text.contains("new  c/d.py"), "\(bad.text)")
        #expect(!bad.text.contains("c/c.py") && bad.text.contains("check 'no old' fails"))
    }

    @Test func `the report tells what was done and what was not, and opens in a browser`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let page = shop.directory.appending("report.html")
        let result = try shop.orchestrate("report", "--html", page, "-o", shop.directory.appending("report.md"))
        #expect(result.status == 0, "\(result.errorText)")
        let text = try String(contentsOfFile: shop.directory.appending("report.md"), encoding: .utf8)
        for part in [
            "# demo", "> Say new instead of old.", "## What was not done", "c/c.py", "worker-exit", "| replace | 3 |",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("class=\"failed\"") && !html.contains("http://") && !html.contains("https://"))
        guard let browser = Self.browser else {
            return FileHandle.standardError.write(Data("skipped: no chromium to open the report in\n".utf8))
        }
        for size in ["1280,900", "390,844"] {
            let picture = shop.directory.appending("report-\(size).png")
            let shot = try run(
                browser,
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                    "--user-data-dir=\(shop.directory.appending("browser"))", "--enable-logging=stderr",
                    "--window-size=\(size)", "--screenshot=\(picture)", "file://\(page)",
                ], in: "/", environment: shop.environment, input: [], limit: 120)
            #expect(shot.status == 0)
            #expect(!shot.errorText.contains("CONSOLE"), "\(shot.errorText)")
            let bytes = try FileManager.default.attributesOfItem(atPath: picture)[.size] as? Int
            #expect(bytes ?? 0 > 5000)
        }
    }

    private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
}
