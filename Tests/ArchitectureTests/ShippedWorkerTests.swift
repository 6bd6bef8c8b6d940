import Foundation
import Model
import PlanFile
import TestSupport
import Testing

/// What the workers of this project make of a file.
@Suite struct ShippedWorkerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var worker: String
        var what: String
        var before: String
        var after: String
        var environment: [String: String] = [:]

        var testDescription: String { "\(worker): \(what)" }
    }

    /// Runs a worker on one file, as a job would.
    private static func run(_ worker: String, on text: String, _ environment: [String: String]) throws -> String {
        let scratch = try ScratchDirectory("worker")
        let file = "it's a file.py"
        try text.write(toFile: scratch.appending(file), atomically: true, encoding: .utf8)
        let loaded = try WorkerFile.load("\(Project.root)/workers/\(worker)/worker.yaml").get()
        let commands = try CommandTemplate(loaded.run).expand(
            files: [file], task: TaskID("task"), job: scratch.path, prompt: nil)
        var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        variables.merge(environment) { $1 }
        for command in commands {
            let result = try TestSupport.run(
                "/bin/sh", ["-c", command], in: scratch.path, environment: variables, input: [])
            guard result.status == 0 else { throw ScratchProcessFailure(command: [worker], result: result) }
        }
        return try String(contentsOfFile: scratch.appending(file), encoding: .utf8)
    }

    private static let cases: [Case] = [
        Case(
            worker: "typing-regex", what: "nested types",
            before: "from typing import Any, Dict, Optional\n\nx: Optional[Dict[str, Any]] = None\n",
            after: "from typing import Any\n\nx: dict[str, Any] | None = None\n"),
        Case(
            worker: "typing-regex", what: "an import that is gone takes its blank line along",
            before: "\"\"\"Text.\"\"\"\n\nfrom typing import List\n\nx: List[int] = []\n",
            after: "\"\"\"Text.\"\"\"\n\nx: list[int] = []\n"),
        Case(
            worker: "typing-regex", what: "text is not spared", before: "title = \"List price\"\n",
            after: "title = \"list price\"\n"),
        Case(
            worker: "typing-syntax", what: "text is spared",
            before: "from typing import List\nx: List[int] = []  # List\ntitle = \"List price\"\n",
            after: "x: list[int] = []  # List\ntitle = \"List price\"\n"),
        Case(
            worker: "typing-syntax", what: "unions in unions",
            before:
                "from typing import List, Optional, Union\ndef f(a: Union[int, Optional[List[str]]]) -> None: ...\n",
            after: "def f(a: int | list[str] | None) -> None: ...\n"),
        Case(
            worker: "typing-syntax", what: "names that are not typing's",
            before: "from shop import List\nx: List[int] = List()\n",
            after: "from shop import List\nx: List[int] = List()\n"),
        Case(
            worker: "typing-syntax", what: "types in quotes have no |",
            before: "from typing import List, Optional\nx: Optional[\"X\"] = None; y: List[int] = []\n",
            after: "from typing import Optional\nx: Optional[\"X\"] = None; y: list[int] = []\n"),
        Case(
            worker: "typing-syntax", what: "columns behind letters of several bytes",
            before: "from typing import List\né = \"é\"; x: List[int] = []\n", after: "é = \"é\"; x: list[int] = []\n"),
        Case(
            worker: "replace", what: "groups, and nothing else that looks like code",
            before: "f(1, 2)\nf(3, 4)\n", after: "g(2, 1) $x/@y\ng(4, 3) $x/@y\n",
            environment: ["REPLACE_PATTERN": "^f\\((\\d), (\\d)\\)$", "REPLACE_BY": "g($2, $1) $x/@y"]),
    ]

    @Test(arguments: cases) func `a file is rewritten`(_ given: Case) throws {
        #expect(try Self.run(given.worker, on: given.before, given.environment) == given.after)
    }

    @Test(arguments: ["replace", "ast-grep"]) func `a worker that is told nothing fails`(_ worker: String) throws {
        #expect(throws: ScratchProcessFailure.self) { try Self.run(worker, on: "x\n", [:]) }
    }
}
