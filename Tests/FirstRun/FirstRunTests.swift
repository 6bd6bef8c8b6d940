import Foundation
import TestSupport
import Testing

/// `init` and then `migrate`, without an edit, in projects of many languages.
@Suite(.ownThreads) struct FirstRunTests {
    static let environment = ProcessInfo.processInfo.environment

    /// The projects whose programs this machine has.
    static let projects: [FirstProject] = FirstProject.all.filter { project in
        (project.isQuick || environment["ORCHESTRATE_FIRST_RUN"] == "all") && project.needs.allSatisfy(isInstalled)
            && (!project.needsSetup || knowsSetup) && project.needsFiles.allSatisfy(FileManager.default.fileExists)
    }

    private static func isInstalled(_ program: String) -> Bool {
        (environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// Whether plans may have the key `setup`.
    private static let knowsSetup: Bool = {
        let schema = try? run(program, ["plan", "schema"], in: "/", environment: environment, input: [])
        return schema?.text.contains("\"setup\"") ?? false
    }()

    static let program = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
        .deletingLastPathComponent().appendingPathComponent("orchestrate").path

    /// The folder of the workers that are shipped.
    private static let workers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("workers").path

    @Test(arguments: projects) func `init and then migrate land a first task`(_ project: FirstProject) throws {
        let directory = try ScratchDirectory("first-run")
        let repository = try ScratchRepository("project", in: directory)
        try Self.make(project, in: repository)
        let environment = try Self.environment(in: directory)
        func orchestrate(_ arguments: String...) throws -> ScratchProcessResult {
            try run(Self.program, arguments, in: repository.path, environment: environment, input: [])
        }
        let start = try repository.git("rev-parse", "HEAD")
        let written = try orchestrate(
            "init", "--goal", "Write color, not colour", "--name", "spelling", "--codemod", "replace", "--set",
            "REPLACE_PATTERN=colour", "--set", "REPLACE_BY=color")
        #expect(written.status == 0, "\(written.errorText)")
        let plan = try repository.read(".orchestrate/spelling.yaml")
        #expect(plan.contains(project.check), "\(plan)")
        #expect(plan.contains("It fails when the files in scope are broken"), "\(plan)")
        let migrated = try orchestrate("migrate")
        #expect(migrated.status == 0, "\(migrated.text)\(migrated.errorText)")
        let landed = try repository.git("rev-list", "--count", "\(start)..orchestrate/spelling")
        #expect((Int(landed) ?? 0) > 0)
        #expect(try repository.git("rev-parse", "HEAD") == start)
        #expect(try repository.git("status", "--porcelain") == "?? .orchestrate/")
    }

    @Test func `the projects have eight languages`() {
        #expect(FirstProject.all.count >= 10)
        #expect(Set(FirstProject.all.compactMap { $0.name.split(separator: " ").first }).count >= 8)
        #expect(FirstProject.all.count(where: \.isQuick) == 5)
    }

    private static func make(_ project: FirstProject, in repository: ScratchRepository) throws {
        if let submodule = project.submodule {
            let inner = try ScratchRepository("inner", in: repository.directory)
            try inner.commit([submodule.file: submodule.text])
            try repository.git("submodule", "--quiet", "add", inner.path, submodule.folder)
        }
        try repository.commit(project.files)
        for (path, text) in project.ignored { try repository.write(path, text) }
    }

    /// The machine's own home, because toolchains are there, and everything else in the test's folder.
    static func environment(in directory: ScratchDirectory) throws -> [String: String] {
        let config = try directory.makeDirectory("config/orchestrate")
        try FileManager.default.createSymbolicLink(atPath: "\(config)/workers", withDestinationPath: workers)
        var variables = environment.filter { name, _ in
            ["PATH", "HOME"].contains(name)
                || ["PYENV_", "RUSTUP_", "CARGO_", "JAVA_", "PIP_"].contains { name.hasPrefix($0) }
        }
        variables["XDG_STATE_HOME"] = try directory.makeDirectory("state")
        variables["XDG_CONFIG_HOME"] = directory.appending("config")
        variables["LC_ALL"] = "C.UTF-8"
        variables["GIT_CONFIG_NOSYSTEM"] = "1"
        return variables
    }
}
