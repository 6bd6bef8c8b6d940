import Model
import Testing

@testable import PlanFile

@Suite struct SetupKeysTests {
    @Test func `steps and globs of copies are read, and a step is named after its command`() throws {
        let plan = try PlanText.plan(
            """
            copy: [.env, "config/*.local"]
            setup:
              - run: npm ci
                inputs: [package.json, package-lock.json]
                network: {hosts: [registry.npmjs.org]}
                timeout: 5m
                environment: [CI=1]
                cache: [~/.npm]
              - {name: build, run: make}
            """)
        #expect(plan.setup.copy == [".env", "config/*.local"])
        #expect(
            plan.setup.steps == [
                SetupStep(
                    name: "npm ci", run: "npm ci", inputs: ["package.json", "package-lock.json"],
                    network: .hosts(["registry.npmjs.org"]), timeout: 300, environment: ["CI=1"], cache: ["~/.npm"]),
                SetupStep(name: "build", run: "make"),
            ])
        #expect(plan.stages.map(\.setup) == [plan.setup])
    }

    @Test func `a stage may have steps of its own, and gets the same copies`() throws {
        let plan = try PlanText.plan(
            """
            copy: [.env]
            setup: [{run: make all}]
            stages:
              - {name: one}
              - {name: two, setup: [{run: make two}]}
              - {name: three, setup: []}
            """)
        #expect(plan.stages.map { $0.setup.steps.map(\.run) } == [["make all"], ["make two"], []])
        #expect(plan.stages.allSatisfy { $0.setup.copy == [".env"] })
    }

    @Test func `a step needs a command, speaks of no task, and has caches outside of the slot`() {
        #expect(
            PlanText.errors(
                PlanText.start + "setup:\n  - {name: x}\n  - {run: \"make {file}\"}\n  - {run: x, cache: [c]}"
            )
            .count == 3)
    }

    @Test func `a plan of an earlier log has no set-up`() throws {
        #expect(try PlanText.plan("").setup == SetupRules())
    }
}
