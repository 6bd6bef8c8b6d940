import Foundation
import TestSupport
import Testing

@Suite(.ownThreads) struct GraphTests {
    private func chainOfFiles(_ count: Int, in shop: Workshop) throws {
        for number in 0..<count {
            let text = number > 0 ? "old = 1\nfrom pkg.d\((number - 1) % 5) import f\(number - 1)\n" : "old = 1\n"
            try shop.repository.write("pkg/d\(number % 5)/f\(number).py", text)
        }
        for folder in ["pkg"] + (0..<5).map({ "pkg/d\($0)" }) { try shop.repository.write("\(folder)/__init__.py", "") }
        try shop.repository.commit()
    }

    @Test func `needs no plan and touches nothing`() throws {
        let shop = try Workshop()
        try chainOfFiles(4, in: shop)
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("graph")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text.contains("target at "), "\(result.text)")
        #expect(result.text.contains("python"))
        #expect(try shop.fingerprint() == before)
        #expect(try shop.orchestrate("graph").text == result.text)
    }

    @Test func `another commit is shown on request`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "import b\n", "b.py": ""])
        try shop.repository.commit(["a.py": ""])
        let now = try shop.orchestrate("graph", "--format", "json")
        #expect(!now.text.contains(#""from""#), "\(now.errorText)")
        let before = try shop.orchestrate("graph", "--ref", "HEAD~1", "--format", "json")
        #expect(before.text.contains(#"{"from": "a.py", "to": "b.py", "kind": "import", "line": 1}"#))
    }

    @Test func `says why a file needs another`() throws {
        let shop = try Workshop()
        try chainOfFiles(3, in: shop)
        let chain = try shop.orchestrate("graph", "--why", "pkg/d2/f2.py", "pkg/d0/f0.py")
        #expect(chain.status == 0, "\(chain.errorText)")
        #expect(
            chain.text == """
                pkg/d2/f2.py:2  import  pkg/d1/f1.py
                pkg/d1/f1.py:2  import  pkg/d0/f0.py

                """)
        let none = try shop.orchestrate("graph", "--why", "pkg/d0/f0.py", "pkg/d2/f2.py")
        #expect(none.status == 1)
        #expect(none.errorText.contains("swap the two paths"), "\(none.errorText)")
        let typeOnly = try shop.orchestrate(
            "graph", "--kinds", "type-only,weak", "--why", "pkg/d2/f2.py", "pkg/d0/f0.py")
        #expect(typeOnly.status == 1)
        let unknown = try shop.orchestrate("graph", "--why", "f2.py", "pkg/d0/f0.py")
        #expect(unknown.status == 64)
        #expect(unknown.errorText.contains("did you mean 'pkg/d2/f2.py'?"), "\(unknown.errorText)")
    }

    @Test func `files bear the tasks of a plan and the states of its run`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "import b\nold\n", "b.py": "new\n", "c.py": "old\n", "notes.txt": ""])
        try shop.replacingPlan()
        let planned = try shop.orchestrate("graph", "--plan", shop.planPath, "--format", "json")
        #expect(
            planned.text.contains(#"{"path": "a.py", "language": "python", "lines": 2, "task": "a.py"}"#),
            "\(planned.text)")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        for arguments in [["graph", "--format", "json"], ["graph", "--plan", shop.planPath, "--format", "json"]] {
            let result = try run(
                Workshop.program, arguments, in: shop.repository.path, environment: shop.environment, input: [])
            #expect(result.text.contains(#""task": "b.py", "state": "already-done"}"#), "\(result.text)")
            #expect(result.text.contains(#""task": "c.py", "state": "landed"}"#), "\(result.text)")
            #expect(result.text.contains(#"{"path": "notes.txt", "lines": 0}"#), "\(result.text)")
        }
    }

    @Test(arguments: ["json", "dot", "mermaid", "html"])
    func `an output file holds what would be printed`(_ format: String) throws {
        let shop = try Workshop()
        try chainOfFiles(3, in: shop)
        let file = shop.directory.appending("graph.out")
        let result = try shop.orchestrate("graph", "--format", format, "--output", file)
        #expect(result.status == 0 && result.text.isEmpty, "\(result.errorText)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == shop.orchestrate("graph", "--format", format).text)
        let nowhere = try shop.orchestrate("graph", "--output", shop.directory.appending("no/such/folder"))
        #expect(nowhere.status == 3)
        #expect(nowhere.errorText.contains("no/such/folder"))
    }

    @Test(.enabled(if: Browser.path != nil, "there is no chromium on this machine"))
    func `the drawing is there in a browser`() throws {
        let shop = try Workshop()
        // A path of two parts, as the slash of the closing tag divides it.
        let hostile = "x</script><img src=x onerror=document.body.dataset.broken=1>.py"
        try shop.repository.write(hostile, "import pkg.d0.f0\nold\n")
        try chainOfFiles(600, in: shop)
        try shop.replacingPlan()
        let file = shop.directory.appending("graph.html")
        let result = try shop.orchestrate("graph", "--plan", shop.planPath, "--format", "html", "--output", file)
        #expect(result.status == 0, "\(result.errorText)")

        let files = try Browser.body(of: file, at: "files", shop)
        #expect(files["files"] == "607")
        // Those without edges, such as an empty `__init__.py` that nothing imports, are shown as they have tasks.
        #expect(files["items"] == "607" && files["drawn"] == "607", "\(files)")
        let tasks = try Browser.body(of: file, at: "tasks", shop)
        #expect(tasks["items"] == "607" && tasks["level"] == "tasks", "\(tasks)")
        let name = try #require(hostile.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let selected = try Browser.body(of: file, at: "directories&select=\(name)", shop)
        #expect(selected["level"] == "directories" && selected["broken"] == nil, "\(selected)")
        #expect(selected["heading"] == "x&lt;/script&gt;&lt;img src=x onerror=document.body.dataset.broken=1&gt;.py")
        #expect(Int(selected["items"] ?? "") ?? 0 < 607)
    }
}

/// A browser without a window.
enum Browser {
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let names = ["chromium", "chromium-browser", "google-chrome"]
        let places =
            folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
            + ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Loads a page and returns what its script has written: the body's data attributes, and the panel's `heading`.
    static func body(of file: String, at fragment: String, _ shop: Workshop) throws -> [String: String] {
        let arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,900", "--virtual-time-budget=5000",
            "--user-data-dir=\(shop.directory.appending("browser"))", "--dump-dom", "file://\(file)#\(fragment)",
        ]
        let result = try run(path ?? "", arguments, in: "/", environment: shop.environment, input: [])
        let text = result.text
        guard let start = text.range(of: "<body"), let end = text[start.upperBound...].firstIndex(of: ">") else {
            throw ScratchProcessFailure(command: arguments, result: result)
        }
        var found: [String: String] = [:]
        for match in text[start.upperBound..<end].matches(of: /data-([a-z]+)="([^"]*)"/) {
            found[String(match.1)] = String(match.2)
        }
        if let heading = text.firstMatch(of: /<aside[^>]*><h2>([^\n]*?)<\/h2>/) { found["heading"] = String(heading.1) }
        return found
    }
}
