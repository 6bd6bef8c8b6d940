import ProjectScan
import Testing

@Suite struct ProfileTests {
    @Test func `languages are listed with their shares, the largest first`() {
        let profile = ScanFixture(files: [
            "a.py": String(repeating: "x", count: 90), "b.js": String(repeating: "x", count: 10), "README": "text",
        ]).profile
        #expect(profile.languages.map(\.name) == ["Python", "JavaScript"])
        #expect(profile.languages.map(\.share) == [90, 10])
        #expect(profile.files == 3)
        #expect(profile.bytes == 104)
    }

    @Test func `a monorepo has a check for each project, from the root`() {
        let profile = ScanFixture(files: [
            "web/package.json": #"{"scripts": {"test": "jest"}, "devDependencies": {"jest": "1"}}"#, "web/a.js": "",
            "web/package-lock.json": "", "api v2/go.mod": "", "api v2/a.go": "", "api v2/a_test.go": "",
        ]).profile
        #expect(profile.toolchains.map(\.folder).sorted() == ["api v2/", "web/"])
        let web = profile.toolchains.first { $0.folder == "web/" }
        #expect(web?.setup.first?.run == "cd web && npm ci --no-audit --no-fund")
        #expect(web?.setup.first?.inputs == ["web/package.json", "web/package-lock.json"])
        #expect(web?.checks.first?.run == "cd web && npm test")
        #expect(profile.toolchains.first { $0.tool == "go" }?.checks.first?.run == "cd 'api v2' && go test ./...")
    }

    @Test func `projects in the code of others do not count`() {
        let profile = ScanFixture(files: ["vendor/x/go.mod": "", "vendor/x/a.go": "", "a.py": "x = 1\n"]).profile
        #expect(profile.toolchains.map(\.language) == ["Python"])
    }

    @Test func `modules of a build in the root are parts of it`() {
        let profile = ScanFixture(files: ["pom.xml": "", "core/pom.xml": "", "core/A.java": ""]).profile
        #expect(profile.toolchains.map(\.folder) == [""])
    }

    @Test func `the scope is the code that the checks judge, without its tests`() {
        let scope = ScanFixture(files: [
            "go.mod": "", "a.go": "x", "a_test.go": "x", "vendor/b/b.go": "x",
            "big.sql": "create table a; -- long text",
        ]).profile.scope
        #expect(scope?.language == "Go")
        #expect(scope?.include == ["**/*.go"])
        #expect(scope?.exclude == ["**/*_test.go", "vendor/**"])
        #expect(scope?.files == 1)
    }

    @Test func `a language with several endings is one glob`() {
        let scope = ScanFixture(files: ["CMakeLists.txt": "", "a.cpp": "x", "a.hpp": "x"]).profile.scope
        #expect(scope?.include == ["**/*.{cpp,cc,cxx,hpp,hh,hxx}"])
        #expect(scope?.files == 2)
    }

    @Test func `ignored settings and generated sources are copied, folders and other files are not`() {
        let profile = ScanFixture(
            files: ["app/a.py": "x = 1\n"],
            ignored: [".env", "app/version.py", "app/debug.log", "node_modules/", "config/db.local.yml"]
        ).profile
        #expect(profile.copies == [".env", "app/version.py", "config/db.local.yml"])
    }

    @Test func `guidance, owners and submodules are found`() {
        let profile = ScanFixture(
            files: ["AGENTS.md": "", "CLAUDE.md": "", ".github/CODEOWNERS": "", "a.rb": "x"], submodules: ["lib/x"]
        ).profile
        #expect(profile.guidance == ["AGENTS.md", "CLAUDE.md"])
        #expect(profile.owners == ".github/CODEOWNERS")
        #expect(profile.submodules == ["lib/x"])
    }

    @Test func `an empty repository has nothing`() {
        let profile = ScanFixture(files: [:]).profile
        #expect(profile.languages == [])
        #expect(profile.toolchains == [])
        #expect(profile.scope == nil)
    }
}
