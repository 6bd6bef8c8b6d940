import Model
import Testing

@Suite("Owners of files")
struct CodeOwnersTests {
    private func owners(_ path: String, _ text: String, _ dialect: CodeOwners.Dialect = .gitHub) -> [String] {
        CodeOwners(text, dialect: dialect).owners(of: path)
    }

    @Test(arguments: [
        ("*", "a/b.js", true), ("*.js", "b.js", true), ("*.js", "a/b.js", true), ("*.js", "a/b.jsx", false),
        ("/build/logs/", "build/logs/x/y", true), ("/build/logs/", "a/build/logs/x", false),
        ("docs/*", "docs/a.md", true), ("docs/*", "docs/a/b.md", false), ("docs/*", "x/docs/a.md", false),
        ("apps/", "apps/x", true), ("apps/", "a/apps/x/y", true), ("apps/", "apps", false),
        ("/docs/", "docs/a", true), ("/docs/", "x/docs/a", false),
        ("**/logs", "a/logs/x", true), ("**/logs", "logs", true), ("**/logs", "a/logsx", false),
        ("/apps/github", "apps/github/x", true), ("/apps/github", "apps/github", true),
        ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**", "a/x/y", true), ("a/**", "ab/x", false),
        ("f?o", "foo", true), ("f?o", "fo", false), ("a*b*c", "axxbyyc", true), ("a*b*c", "axxbyy", false),
        ("sub/file", "x/sub/file", false), ("[ab].js", "a.js", false), ("!a.js", "a.js", false),
        ("/*", "a.js", true), ("/*", "a/b.js", false), ("**", "a/b.js", true), ("docs", "docs/a/b", true),
        ("docs/**", "docs/a/b", true), ("a\\ b.md", "x/a b.md", true), ("/p/*/src/", "p/a/src/x/y", true),
        ("/p/*/src/", "p/a/b/src/x", false), ("*.JS", "a.js", false),
    ]) func `a pattern of GitHub means what its documentation says`(pattern: String, path: String, isOwned: Bool) {
        #expect(owners(path, "\(pattern) @x") == (isOwned ? ["@x"] : []), "\(pattern) and \(path)")
    }

    @Test func `the last match counts, and a line without owners takes them away`() {
        let text = """
            # Comment
            *        @org/all
            *.py     @org/py me@example.com   # why
            /gen/
            /a\\ b/   @space

            """
        #expect(owners("x.c", text) == ["@org/all"])
        #expect(owners("d/x.py", text) == ["@org/py", "me@example.com"])
        #expect(owners("gen/x.py", text) == [])
        #expect(owners("a b/x", text) == ["@space"])
        #expect(owners("x", "") == [])
    }

    @Test func `owners of several files are named once`() {
        let owners = CodeOwners("* @all\n*.js @web @web2", dialect: .gitHub)
        #expect(owners.owners(of: ["a.js", "b.js", "README.md"]) == ["@web", "@web2", "@all"])
    }

    @Test func `in GitLab, each section adds owners, and a pattern without a slash at its start matches at any depth`()
    {
        let text = """
            * @all
            [Docs][2] @writers
            docs/*.md
            README.md @ann
            ^[Code]
            *.go @go
            !gen.go
            [docs]
            /LICENSE @legal
            """
        #expect(owners("docs/a.md", text, .gitLab) == ["@all", "@writers"])
        #expect(owners("x/docs/a.md", text, .gitLab) == ["@all", "@writers"])
        #expect(owners("x/README.md", text, .gitLab) == ["@all", "@ann"])
        #expect(owners("x/a.go", text, .gitLab) == ["@all", "@go"])
        #expect(owners("gen.go", text, .gitLab) == ["@all"])
        #expect(owners("LICENSE", text, .gitLab) == ["@all", "@legal"])
    }
}

extension CodeOwnersTests {
    @Test(arguments: [
        ("*", "a/b", true), ("docs/", "x/docs/a/b", true), ("/docs/", "docs/a/b", true), ("/docs/", "x/docs/a", false),
        ("docs", "docs", true), ("docs", "docs/a", false), ("/docs/*", "docs/a", true), ("/docs/*", "docs/a/b", false),
        ("/*", "a", true), ("/*", "a/b", false), ("/docs/**/*.md", "docs/a.md", true),
        ("/docs/**/*.md", "docs/x/y/a.md", true), ("/docs/**/*.md", "docs/x/a.txt", false), ("*.[ch]", "a/b.c", true),
        ("*.[ch]", "a/b.cc", false), ("*.[!ch]", "a.h", false), ("f[0-9].c", "f7.c", true), ("f[0-9].c", "fx.c", false),
        ("a\\ b", "a b", true), ("\\#x", "#x", true), ("[x", "[x", true),
    ]) func `a pattern of GitLab means what its documentation says`(pattern: String, path: String, isOwned: Bool) {
        #expect(owners(path, "\(pattern) @x", .gitLab) == (isOwned ? ["@x"] : []), "\(pattern) and \(path)")
    }

    @Test func `in GitLab, a section has owners for its rules, may be optional and may be continued`() {
        let text = """
            [Data base][2] @dba @lead
            model/
            /model/gen/ @gen
            ^[Optional] @maybe
            *.sql
            [No owners]
            other.txt
            [DATA BASE]
            db/
            !/db/skip.sql
            /db/skip.sql @late
            """
        #expect(owners("model/a.py", text, .gitLab) == ["@dba", "@lead"])
        #expect(owners("model/gen/a.py", text, .gitLab) == ["@gen"])
        #expect(Set(owners("db/a.sql", text, .gitLab)) == ["@maybe", "@dba", "@lead"])
        #expect(owners("db/skip.sql", text, .gitLab) == ["@maybe"], "what is excluded cannot be included again")
        #expect(owners("other.txt", text, .gitLab) == [])
        #expect(owners("free.txt", text, .gitLab) == [])
    }
}

@Suite("Limits on pull requests")
struct RequestLimitsTests {
    /// 2026-01-05 was a Monday.
    private let monday = Timestamp(seconds: 1_767_571_200 + 3600)

    @Test func `days are read, also over the end of the week`() {
        #expect(RequestLimits.days("mon-fri") == [0, 1, 2, 3, 4])
        #expect(RequestLimits.days("sat-mon") == [0, 5, 6])
        #expect(RequestLimits.days("wed,mon") == [0, 2])
        for bad in ["", "mo", "mon-", "mon-tue-wed", "mon,,tue"] { #expect(RequestLimits.days(bad) == nil, "\(bad)") }
    }

    @Test func `the strictest limit holds`() {
        let limits = RequestLimits(open: 3, perHour: 2, days: [0])
        #expect(limits.room(at: monday, opened: [], open: 0)?.count == 2)
        #expect(limits.room(at: monday, opened: [monday + -60, monday + -4000], open: 1)?.count == 1)
        #expect(limits.room(at: monday, opened: [], open: 3)?.count == 0)
        #expect(limits.room(at: monday, opened: [], open: 5)?.count == 0)
        #expect(limits.room(at: monday + 86_400, opened: [], open: 0)?.reason.contains("tue") == true)
        #expect(limits.room(at: monday + -3601, opened: [], open: 0)?.count == 0)
        #expect(RequestLimits().room(at: monday, opened: [], open: 99) == nil)
    }
}
