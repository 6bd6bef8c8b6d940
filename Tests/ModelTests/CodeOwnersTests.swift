import Testing

@testable import Model

struct CodeOwnersTests {
    private let owners = CodeOwners(
        """
        # Everybody first
        *           @all
        *.js        @web @web2   # a comment
        /build/logs/ @build
        docs/*      docs@example.com
        apps/       @apps
        /src/api    @api
        **/legacy   @old
        /apps/free
        [Section]
        !never      @no
        a**b        @broken
        """)

    @Test(arguments: [
        ("README.md", ["@all"]), ("x/y.js", ["@web", "@web2"]), ("build/logs/a/b.txt", ["@build"]),
        ("x/build/logs/a.txt", ["@all"]), ("docs/a.md", ["docs@example.com"]), ("docs/a/b.md", ["@all"]),
        ("apps/a.js", ["@apps"]), ("x/apps/a.py", ["@apps"]), ("src/api/v1/a.py", ["@api"]),
        ("src/apis/a.py", ["@all"]),
        ("x/legacy/a.py", ["@old"]), ("apps/free", []), ("apps/free/a", []),
    ])
    func `the last line that matches decides`(_ path: String, expected: [String]) {
        #expect(owners.owners(of: path) == expected)
    }

    @Test func `owners of several files are named once`() {
        #expect(owners.owners(of: ["a.js", "b.js", "README.md"]) == ["@web", "@web2", "@all"])
        #expect(CodeOwners("").owners(of: "a") == [])
    }
}
