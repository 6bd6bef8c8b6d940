import ProjectScan
import TestSupport
import Testing

@Suite struct JavaScriptTests {
    private func project(_ manifest: String, _ files: [String: String] = [:]) -> ScanFixture {
        ScanFixture(
            files: ["package.json": manifest, "src/a.js": "let a\n", "test/a.test.js": "\n"].merging(files) { $1 })
    }

    @Test(arguments: [
        ("package-lock.json", "npm", "npm ci --no-audit --no-fund", "npm test"),
        ("pnpm-lock.yaml", "pnpm", "pnpm install --frozen-lockfile", "pnpm test"),
        ("yarn.lock", "yarn", "yarn install --frozen-lockfile", "yarn test"),
    ])
    func `a lock file names the package manager`(_ lock: String, _ tool: String, _ setup: String, _ test: String) {
        let fixture = project(
            #"{"scripts": {"test": "jest"}, "devDependencies": {"jest": "^29"}}"#, [lock: ""])
        #expect(fixture.toolchain?.tool == tool)
        #expect(fixture.setup == [setup])
        #expect(fixture.tests == [test])
        #expect(fixture.toolchain?.setup.first?.inputs == ["package.json", lock])
        #expect(fixture.toolchain?.checks.first?.environment == ["CI=1"])
    }

    @Test func `the key packageManager wins`() {
        let fixture = project(
            #"{"packageManager": "pnpm@9.1.0", "scripts": {"test": "x"}}"#, ["package-lock.json": ""])
        #expect(fixture.toolchain?.tool == "pnpm")
    }

    @Test func `a newer yarn is told by its configuration`() {
        let fixture = project(
            #"{"devDependencies": {"jest": "1"}}"#, ["yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n"])
        #expect(fixture.setup == ["yarn install --immutable"])
        #expect(fixture.toolchain?.checks.first?.environment == ["CI=1"])
    }

    @Test func `a newer yarn without node_modules keeps its packages in the slot, where checks see them`() {
        let manifest = #"{"devDependencies": {"jest": "1"}}"#
        let fixture = project(manifest, ["yarn.lock": "", ".yarnrc.yml": ""])
        let install = "YARN_ENABLE_GLOBAL_CACHE=false yarn install --immutable"
        #expect(fixture.setup == ["mkdir -p .yarn/cache && echo '*' >.yarn/cache/.gitignore && \(install)"])
        #expect(fixture.toolchain?.checks.first?.environment == ["CI=1", "YARN_ENABLE_GLOBAL_CACHE=false"])
        // Packages that are committed stay visible to Git.
        let committed = project(manifest, ["yarn.lock": "", ".yarnrc.yml": "", ".yarn/cache/jest.zip": ""])
        #expect(committed.setup == [install])
    }

    @Test func `without dependencies nothing is installed`() {
        #expect(project(#"{"scripts": {"test": "node --test"}}"#).setup == [])
    }

    @Test func `without tests all scripts are parsed, those of node_modules not`() throws {
        let directory = try ScratchRepository()
        for (path, text) in [
            ("a.js", "good()\n"), ("b.mjs", "good()\n"), ("c.test.cjs", "good()\n"), ("node_modules/x/d.js", "bad(\n"),
        ] { try directory.write(path, text) }
        let check = try #require(project("{}").toolchain?.checks.first { $0.purpose == .syntax }).run
        // `node --check` would be slow, and may be missing.
        let parse = check.replacing("node --check", with: "grep -L good")
        func named() throws -> String {
            try run("/bin/sh", ["-c", parse], in: directory.path, environment: ["PATH": "/usr/bin:/bin"], input: [])
                .text
        }
        #expect(try named() == "")
        for broken in ["a.js", "b.mjs", "c.test.cjs"] { try directory.write(broken, "bad(\n") }
        #expect(try named().split(separator: "\n").sorted() == ["./a.js", "./b.mjs", "./c.test.cjs"])
    }

    @Test func `the test script of npm init is no test`() {
        let script = #"{"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}}"#
        #expect(project(script).tests == ["node --test"])
    }

    @Test(arguments: [
        ("jest", "npx --no-install jest"), ("vitest", "npx --no-install vitest run"),
        ("mocha", "npx --no-install mocha"),
    ])
    func `an installed test runner is used where no script is`(_ package: String, _ run: String) {
        #expect(project("{\"devDependencies\": {\"\(package)\": \"1\"}}").tests == [run])
    }

    @Test func `vitest is told to end`() {
        let fixture = project(#"{"scripts": {"test": "vitest"}, "devDependencies": {"vitest": "1"}}"#)
        #expect(fixture.tests == ["npx --no-install vitest run"])
    }

    @Test func `types are checked in TypeScript`() {
        let fixture = ScanFixture(files: [
            "package.json": #"{"scripts": {"test": "jest"}, "devDependencies": {"typescript": "5"}}"#,
            "tsconfig.json": "{}", "src/a.ts": "export {}\n",
        ])
        #expect(fixture.toolchain?.language == "TypeScript")
        #expect(fixture.toolchain?.checks.map(\.purpose) == [.tests, .types])
    }

    @Test func `workspaces are one project`() {
        let fixture = project(
            #"{"workspaces": ["packages/*"], "scripts": {"test": "x"}}"#,
            ["packages/a/package.json": "{}", "packages/a/index.js": "", "package-lock.json": ""])
        #expect(fixture.toolchain?.setup.first?.inputs == ["**/package.json", "package-lock.json"])
    }

    @Test func `a manifest that is no JSON is no project`() {
        #expect(project("{").profile.toolchains == [])
    }
}
