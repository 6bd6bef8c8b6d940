import Foundation
import Git
import Jobs
import Model
import TestSupport
import Testing

@testable import Coordinator

@Suite struct PreflightTests {
    @Test(arguments: [
        ("python -m pytest -q", ["python"]), ("A=1 B=2 make test && ./x | tee log", ["make", "./x", "tee"]),
        ("if true; then foo; else bar; fi", ["true", "foo", "bar", "fi"]), ("! grep -q old {file}", ["grep"]),
        ("bash -c 'cd src && tox -e py'", ["bash", "cd", "tox"]), ("exec env X=1 node a.js >out 2>&1", ["node"]),
        ("(cd a; \"my prog\" b)", ["cd", "my prog"]), ("", []),
    ])
    func `the programs of a command are found`(command: String, programs: [String]) {
        #expect(ShellWords(command).programs.filter { $0 != "1" } == programs)
    }

    /// A repository with a virtual environment, and a plan with one landing check.
    private struct Scene {
        let repository: ScratchRepository

        init() throws {
            repository = try ScratchRepository()
            try repository.commit([
                "src/pkg/__init__.py": "NAME = 1\n", ".gitignore": ".venv/\nout/\n", "run.sh": "true\n",
            ])
            try repository.write(".venv/bin/python", "", executable: true)
            try repository.write(".venv/pyvenv.cfg", "")
            try repository.write("out/data", "")
        }

        func site(_ name: String, _ text: String) throws {
            try repository.write(".venv/lib/python3.12/site-packages/\(name)", text)
        }

        func findings(
            _ command: String, _ sandbox: SandboxRules = SandboxRules(mode: .off), environment: [String] = []
        ) throws -> [CheckoutUse.Finding] {
            let verify = VerifyRules(landing: [Check(name: "tests", run: command)], environment: environment)
            let plan = Plan(
                name: "p", goal: "g", repository: repository.path,
                workers: WorkerRules(ladder: [Rung(worker: Worker(name: "w", run: "true"))]), verify: verify,
                sandbox: sandbox)
            let variables = ["PATH": "\(repository.appending(".venv/bin")):/usr/bin", "HOME": repository.home]
            return try #require(
                CheckoutUse(
                    plan, of: try Repository(at: repository.path, environment: repository.environment),
                    environment: BaseEnvironment(coordinator: variables))
            ).findings()
        }
    }

    @Test(arguments: ["__editable__.pth", "easy-install.pth", "__editable___pkg_1_finder.py"])
    func `a check with an editable install of the checkout would pass on broken work`(file: String) throws {
        let scene = try Scene()
        let folder = scene.repository.appending("src")
        try scene.site(file, file.hasSuffix(".py") ? "MAPPING = {'pkg': '\(folder)/pkg'}\n" : "\(folder)\n")
        for sandbox in [SandboxRules(mode: .off), SandboxRules(read: [scene.repository.path])] {
            let findings = try scene.findings("python -c 'import pkg'", sandbox)
            #expect(findings.map(\.isFalseGreen) == [true])
            #expect(findings[0].text.contains("check 'tests' imports code from your checkout"))
        }
        // The sandbox hides the checkout: nothing is imported, and the check fails.
        #expect(try scene.findings("python -c 'import pkg'", SandboxRules()).map(\.isFalseGreen) == [false])
    }

    @Test func `an environment in the checkout without an editable install is used freely`() throws {
        let scene = try Scene()
        try scene.site("other.pth", "/usr/share/other\nimport sys\n\(scene.repository.appending(".venv/extra"))\n")
        let python = scene.repository.appending(".venv/bin/python")
        #expect(try scene.findings("python -m unittest").isEmpty)
        #expect(try scene.findings("\(python) -m unittest").isEmpty)
    }

    @Test func `a command that names the checkout is found, by variables too`() throws {
        let scene = try Scene()
        let path = scene.repository.path
        #expect(try scene.findings("cd \(path) && make").map(\.isFalseGreen) == [true])
        #expect(try scene.findings("sh \(path)/run.sh").map(\.isFalseGreen) == [true])
        #expect(try scene.findings("make", environment: ["PYTHONPATH=\(path)/src"]).map(\.isFalseGreen) == [true])
        #expect(try scene.findings("sh run.sh /elsewhere").isEmpty)
    }

    @Test func `a git-ignored path in a command is a note`() throws {
        let scene = try Scene()
        let findings = try scene.findings("./.venv/bin/python -c 1 out/data out/new run.sh")
        #expect(
            findings.map(\.text) == [
                "check 'tests' names '.venv/bin/python', which Git ignores: a slot has it only if 'setup' makes it or 'copy' names it",
                "check 'tests' names 'out/data', which Git ignores: a slot has it only if 'setup' makes it or 'copy' names it",
            ])
        #expect(findings.allSatisfy { !$0.isFalseGreen })
    }

    @Test(arguments: ["state", "home"])
    func `a state folder or a home inside the repository is refused`(kind: String) throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        let repository = try Repository(at: scratch.path, environment: scratch.environment)
        let inside = scratch.appending("sub/folder")
        let (state, home) = kind == "state" ? (inside, "/root") : ("/var/state", inside)
        #expect {
            try StatePlace.check(state: state, home: home, of: repository)
        } throws: { error in
            "\(error)".contains("is inside the repository \(scratch.path)") && "\(error)".contains("hint: set")
        }
        try StatePlace.check(state: "\(scratch.path)-state", home: "/root", of: repository)
    }
}
