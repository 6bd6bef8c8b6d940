import Foundation
import TestSupport
import Testing

/// The scripts in plans/checks decide what lands on real projects.
@Suite struct PlanScriptTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory("scripts") }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: scratch.appending(name), atomically: true, encoding: .utf8)
    }

    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let result = try TestSupport.run(
            "/usr/bin/env", [program] + arguments, in: scratch.path,
            environment: [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1",
                "HOME": scratch.path,
            ], input: [])
        return (result.status, result.text + result.errorText)
    }

    private func check(_ script: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        try run("\(Project.root)/plans/checks/\(script)", arguments)
    }

    private func git(_ arguments: String...) throws {
        let result = try run(
            "git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"] + arguments)
        try #require(result.status == 0, "\(result.text)")
    }

    private func commit(_ name: String, _ text: String) throws {
        try write(name, text)
        try git("add", ".")
        try git("commit", "-qm", "change \(name)")
    }

    private let java = """
        List<Map<String, Integer>> a = new ArrayList<Map<String, Integer>>(7);
        List<String> b = new ArrayList<String>() { };
        List<? super Number> c = new ArrayList<Object>();
        int d = new Pair<String, String>("", "").hash();
        this.e = new HashMap<String, List<String>>();
        // List<String> f = new ArrayList<String>();

        """

    @Test func `arguments of a constructor go where the declaration has them`() throws {
        try write("A.java", java)
        #expect(try check("diamond", ["--check", "A.java"]).status == 1)
        #expect(try check("diamond", ["A.java"]).status == 0)
        #expect(try check("diamond", ["--check", "A.java"]).status == 0)
        let changed = try String(contentsOfFile: scratch.appending("A.java"), encoding: .utf8)
        #expect(changed == java.replacingOccurrences(of: "ArrayList<Map<String, Integer>>(7)", with: "ArrayList<>(7)"))
    }

    @Test func `a bold change goes further and spares classes without a name`() throws {
        try write("A.java", java)
        #expect(try check("diamond", ["--bold", "A.java"]).status == 0)
        let changed = try String(contentsOfFile: scratch.appending("A.java"), encoding: .utf8)
        #expect(changed.contains("this.e = new HashMap<>();"))
        #expect(changed.contains("c = new ArrayList<>();"))
        #expect(changed.contains("new ArrayList<String>() { }"))
        #expect(changed.contains("new Pair<String, String>"))
    }

    @Test func `a name that is gone and still used is found`() throws {
        try FileManager.default.createDirectory(
            atPath: scratch.appending("lib/deep"), withIntermediateDirectories: true)
        try git("init", "-q")
        for path in ["lib/__init__.py", "lib/deep/__init__.py"] { try write(path, "") }
        try commit("lib/tools.py", "import os\ntry:\n    import fast\nexcept ImportError:\n    fast = None\nkept = 1\ngone = 2\n")
        try commit("lib/deep/user.py", "from ..tools import (\n    kept,\n    gone,\n)\n")
        try commit("lib/user.py", "from . import tools\nfrom lib.tools import fast, os\n")

        try commit("lib/tools.py", "import os\nfast = None\nkept = 1\ngone = 3\n")
        #expect(try check("python-imports", ["HEAD~1", "HEAD", "lib"]).status == 0)

        try commit("lib/tools.py", "import os\nfast = None\nkept = 1\n")
        let lost = try check("python-imports", ["HEAD~1", "HEAD", "lib"])
        #expect(lost.status == 1)
        #expect(lost.text == "lib/deep/user.py:1: lib.tools has no gone\n")

        try commit("lib/user.py", "from lib import tool\nimport lib.other\nimport json.none\n")
        let missing = try check("python-imports", ["HEAD~1", "HEAD", "lib"])
        #expect(missing.text == "lib/user.py:1: lib has no tool\nlib/user.py:2: no module lib.other\n")
    }
}
