import Foundation
import TestSupport
import Testing

/// The commands of the documentation, run as a reader would.
@Suite(.ownThreads) struct GettingStartedTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Returns the lines of a page's shell blocks, with the exit status that each is to have.
    private static func commands(in page: String) throws -> [(line: String, status: Int32)] {
        let text = try String(contentsOfFile: "\(root)/docs/\(page)", encoding: .utf8)
        var lines: [String] = []
        var isInBlock = false
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                isInBlock = line == "```sh"
            } else if isInBlock, !line.isEmpty {
                lines.append(line)
            }
        }
        return lines.map { line in
            let parts = line.components(separatedBy: "# exits with ")
            return (parts[0], parts.count > 1 ? Int32(parts[1]) ?? 0 : 0)
        }
    }

    /// Runs commands in one shell, each with its expected exit status.
    private func runAll(
        _ commands: [(line: String, status: Int32)], in folder: String, environment: [String: String]
    ) throws -> ScratchProcessResult {
        let script = commands.map { line, status in
            "\(line)\ngot=$?; test $got = \(status) || { echo \"exit status $got of: $0\"; exit 99; }".replacing(
                "$0", with: line.replacing("\"", with: "'").replacing("$", with: ""))
        }
        return try run(
            "/bin/bash", ["-c", script.joined(separator: "\n")], in: folder, environment: environment, input: [])
    }

    private func environment(_ directory: ScratchDirectory) throws -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": try directory.makeDirectory("home"), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            "COLUMNS": "80", "TZ": "UTC",
        ]
    }

    @Test func `every command of the page Getting started does what it says`() throws {
        let directory = try ScratchDirectory("getting-started")
        let environment = try environment(directory)
        let commands = try Self.commands(in: "getting-started.md").map { line, status in
            // The program is there already; a build takes minutes.
            (line == "scripts/install" ? "scripts/install --program '\(Workshop.program)'" : line, status)
        }
        #expect(commands.count >= 18)
        let result = try runAll(commands, in: Self.root, environment: environment)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        // What the page shows is what a reader sees.
        #expect(result.text.contains("build       pip (pyproject.toml)"))
        #expect(result.text.contains("scope       30 files: **/*.py without tests/**"), "\(result.text)")
        #expect(result.errorText.contains("20 tests; fails on broken files, as it should"), "\(result.errorText)")
        #expect(result.text.contains("wrote .orchestrate/typing.yaml"))
        let shop = try ScratchRepository(existing: directory.appending("home/shop"), in: directory)
        #expect(try shop.read("shop/reports/prices.py").contains("list["))
    }

    @Test func `the nightly commands of the page CI work, also when the base has moved`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "new\n"])
        let origin = try ScratchRepository("origin", in: shop.directory, options: ["--bare"])
        try shop.repository.git("remote", "add", "origin", origin.path)
        try shop.replacingPlan()
        let plan = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try shop.repository.write(".orchestrate/typing.yaml", plan.replacing("name: demo", with: "name: typing"))
        let commands = try Self.commands(in: "ci.md").map(\.line)
        let push = try #require(commands.firstIndex { $0.hasPrefix("git push") })
        func night() throws {
            let night =
                "set -e; PATH=$(dirname \(Workshop.program)):$PATH\n\(commands[...push].joined(separator: "\n"))"
            let result = try run(
                "/bin/bash", ["-c", night], in: shop.repository.path, environment: shop.environment, input: [])
            #expect(result.status == 0, "\(result.text)\(result.errorText)")
        }
        try night()
        #expect(try origin.git("show", "orchestrate/typing:a.py") == "new")
        try shop.repository.commit(["c.py": "old\n"])
        try night()
        #expect(try origin.git("show", "orchestrate/typing:a.py") == "new")
        #expect(try origin.git("show", "orchestrate/typing:c.py") == "new")
        #expect(shop.traceLines() == ["a.py", "c.py"])
    }

    @Test func `the ratchet of the page CI refuses a new open task`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "new\n"])
        try shop.repository.git("update-ref", "refs/remotes/origin/main", "main")
        try shop.replacingPlan()
        let page = try String(contentsOfFile: "\(Self.root)/docs/ci.md", encoding: .utf8)
        let step = try #require(page.split(separator: "\n").first { $0.contains("- run: orchestrate check") })
        let ratchet = String(step.drop { $0 != "o" }).replacing(".orchestrate/typing.yaml", with: shop.planPath)
        func check() throws -> ScratchProcessResult {
            try run(
                "/bin/bash", ["-c", "PATH=$(dirname \(Workshop.program)):$PATH\n\(ratchet)"], in: shop.repository.path,
                environment: shop.environment, input: [])
        }
        try shop.repository.commit(["a.py": "old again\n"])
        let same = try check()
        #expect(same.status == 0, "\(same.text)\(same.errorText)")
        try shop.repository.commit(["c.py": "old\n"])
        let more = try check()
        #expect(more.status == 1 && more.text.contains("new  c.py"), "\(more.text)\(more.errorText)")
    }
}
