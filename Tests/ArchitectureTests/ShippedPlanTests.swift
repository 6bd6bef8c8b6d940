import Foundation
import Model
import PlanFile
import TestSupport
import Testing

/// Every plan and every worker of this project can be used as it is.
@Suite struct ShippedPlanTests {
    private static func workerFolders() throws -> [String] {
        try Project.names(in: "workers").map { "workers/\($0)" }
    }

    private static func plans() throws -> [String] { try Project.files(below: "plans", suffix: ".yaml") }

    @Test func `workers are read`() throws {
        let folders = try Self.workerFolders()
        #expect(!folders.isEmpty)
        for folder in folders {
            let worker = try WorkerFile.load("\(Project.root)/\(folder)/worker.yaml", shown: folder).get()
            #expect(!worker.summary.isEmpty, "\(folder) has no description")
        }
    }

    @Test func `plans are read without a warning`() throws {
        // Plans name no repository, since nobody knows where a reader puts one.
        let scratch = try ScratchDirectory("plans")
        let repository = try ScratchRepository("target", in: scratch)
        let plans = try Self.plans()
        #expect(plans.count >= 4)
        for plan in plans {
            let loaded = try PlanLoader.load(
                path: "\(Project.root)/\(plan)", repository: repository.path,
                workerFolders: ["\(Project.root)/workers"]
            ).get()
            #expect(loaded.warnings.isEmpty, "\(plan)")
            #expect(loaded.plan.name == URL(fileURLWithPath: plan).deletingPathExtension().lastPathComponent)
        }
    }

    /// A plan says how to come by its target.
    @Test func `plans have what prepares them`() throws {
        for plan in try Self.plans() {
            let name = URL(fileURLWithPath: plan).deletingPathExtension().lastPathComponent
            let script = name == "quickstart" ? "scripts/make-example-repository" : "plans/prepare/\(name)"
            #expect(FileManager.default.isExecutableFile(atPath: "\(Project.root)/\(script)"), "\(script)")
            #expect(try Project.text(plan).contains(script), "\(plan) does not say how to prepare its target")
        }
    }

    @Test func `every plan for a real project is described`() throws {
        let guide = try Project.text("docs/migrations.md")
        for plan in try Self.plans() where plan != "plans/quickstart.yaml" {
            #expect(guide.contains("](../\(plan))"), "\(plan)")
        }
    }

    @Test func `the table of runs says what the records say`() throws {
        let result = try TestSupport.run(
            "\(Project.root)/Benchmarks/migration-table", ["--check"], in: Project.root,
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"], input: [])
        #expect(result.status == 0, "\(result.errorText)")
    }

    @Test func `every worker is described`() throws {
        let guide = try Project.text("docs/workers.md")
        for folder in try Project.names(in: "workers") { #expect(guide.contains("| `\(folder)` |"), "\(folder)") }
    }
}
