import Foundation
import TestSupport
import Testing

/// A page of `docs/recipes`, and a small project that its plan fits.
struct Recipe: Sendable, CustomTestStringConvertible {
    /// Without its ending.
    var page: String
    /// Shell commands that fail where the page cannot be tried, with the words for a person.
    var needs: [(command: String, words: String)]
    var files: [String: String]
    /// A folder that is a submodule with these files.
    var submodule: (folder: String, files: [String: String])?
    /// A file that a task changes.
    var changed: String

    var testDescription: String { page }
}

/// The pages of `docs/recipes`: each plan and each command, as written.
@Suite(.ownThreads) struct RecipeTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/recipes").path

    /// Returns the blocks of one language of a page.
    private static func blocks(_ language: String, of page: String) throws -> [String] {
        let text = try String(contentsOfFile: "\(folder)/\(page).md", encoding: .utf8)
        return text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
    }

    /// Returns what a recipe needs and this machine does not have; nil if nothing is missing.
    private static func missing(_ recipe: Recipe) -> String? {
        recipe.needs.first { need in
            let tried = try? run(
                "/bin/sh", ["-c", need.command], in: "/", environment: FirstRunTests.environment, input: [], limit: 60)
            return tried?.status != 0
        }?.words
    }

    @Test(arguments: Recipe.all) func `the plan and the commands of a recipe work as written`(_ recipe: Recipe) throws {
        if let missing = Self.missing(recipe) {
            print("skipped: docs/recipes/\(recipe.page).md needs \(missing)")
            return
        }
        let directory = try ScratchDirectory("recipe")
        let repository = try ScratchRepository("project", in: directory)
        if let submodule = recipe.submodule {
            let inner = try ScratchRepository("inner", in: directory)
            try inner.commit(submodule.files)
            try repository.git("submodule", "--quiet", "add", inner.path, submodule.folder)
        }
        try repository.commit(recipe.files)
        let start = try repository.git("rev-parse", "HEAD")

        let plans = try Self.blocks("yaml", of: recipe.page)
        #expect(plans.count == 1)
        try repository.write(".orchestrate/spelling.yaml", plans.first ?? "")
        let commands = try Self.blocks("sh", of: recipe.page).joined(separator: "\n")
        #expect(commands.contains("orchestrate migrate\n"))
        let environment = try FirstRunTests.environment(in: directory)
        let script =
            "PATH='\((FirstRunTests.program as NSString).deletingLastPathComponent)':$PATH\nset -ex\n\(commands)"
        let result = try run(
            "/bin/bash", ["-c", script], in: repository.path, environment: environment, input: [])
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try repository.git("show", "orchestrate/spelling:\(recipe.changed)").contains("color"))
        #expect(try repository.git("rev-parse", "HEAD") == start)
        #expect(try repository.git("status", "--porcelain") == "?? .orchestrate/")
    }

    @Test func `every recipe is tried`() throws {
        let pages = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
        #expect(Set(pages) == Set(Recipe.all.map { "\($0.page).md" }))
    }
}

extension Recipe {
    static let all = [python, node, maven, monorepo, submodules]

    private static let node20 = (
        command: "npm --version && node --test --help", words: "node 18 or later, with npm"
    )

    private static let python = Recipe(
        page: "python-venv",
        needs: [
            ("python3 -m venv --help", "python3 with venv"),
            (
                "python3 -c 'import socket; socket.create_connection((\"pypi.org\", 443), 10)'",
                "a connection to pypi.org"
            ),
        ],
        files: [
            ".gitignore": ".venv/\n*.egg-info/\n", "requirements.txt": "pytest\n",
            "pyproject.toml": """
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"

            [project]
            name = "paint"
            version = "1.0"

            """,
            "src/paint/__init__.py": "", "src/paint/wall.py": "def first():\n    return 'red'  # the colour\n",
            "tests/test_wall.py": """
            from paint.wall import first


            def test_first():
                assert first() == 'red'

            """,
        ], changed: "src/paint/wall.py")

    /// A project with one dependency, which is a folder of its own.
    private static func nodeProject(_ prefix: String) -> [String: String] {
        let files = [
            ".gitignore": "node_modules/\n",
            "package.json": """
            {"name": "paint", "version": "1.0.0", "scripts": {"test": "node --test"},
             "dependencies": {"names": "file:names"}}

            """,
            "package-lock.json": """
            {"name": "paint", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
              "": {"name": "paint", "version": "1.0.0", "dependencies": {"names": "file:names"}},
              "names": {"version": "1.0.0"},
              "node_modules/names": {"resolved": "names", "link": true}}}

            """,
            "names/package.json": #"{"name": "names", "version": "1.0.0"}"#,
            "names/index.js": "exports.names = ['red'];\n",
            "lib/wall.js": "const { names } = require('names');\nexports.first = () => names[0]; // colour\n",
            "test/wall.test.js": """
            const test = require('node:test');
            const assert = require('node:assert');
            const { first } = require('../lib/wall');
            test('first', () => assert.strictEqual(first(), 'red'));

            """,
        ]
        return Dictionary(uniqueKeysWithValues: files.map { (prefix + $0, $1) })
    }

    private static let node = Recipe(
        page: "node", needs: [node20], files: nodeProject(""), changed: "lib/wall.js")

    private static let maven = Recipe(
        page: "maven", needs: FirstProject.mavenNeeds, files: FirstProject.maven.files,
        changed: "src/main/java/paint/Wall.java")

    private static let monorepo = Recipe(
        page: "monorepo", needs: [node20, ("python3 --version", "python3")],
        files: [
            "api/paint.py": "# The colour of a wall.\ndef first():\n    return 'red'\n",
            "api/tests/__init__.py": "",
            "api/tests/test_paint.py": """
            import unittest
            from paint import first

            class PaintTests(unittest.TestCase):
                def test_first(self):
                    self.assertEqual(first(), 'red')

            """,
        ].merging(nodeProject("web/")) { $1 }, changed: "web/lib/wall.js")

    private static let submodules = Recipe(
        page: "submodules", needs: [("gcc --version && make --version", "gcc and make")],
        files: [
            ".gitignore": "run-tests\n",
            "Makefile": "check:\n\tgcc -Ivendor/names -o run-tests wall.c vendor/names/names.o && ./run-tests\n",
            "wall.c": "#include \"names.h\"\n/* Every colour has a name. */\nint main(void) { return names() != 2; }\n",
        ],
        submodule: (
            "vendor/names",
            [
                ".gitignore": "*.o\n", "Makefile": "names.o: names.c\n\tgcc -c names.c\n",
                "names.h": "int names(void);\n", "names.c": "int names(void) { return 2; }\n",
            ]
        ), changed: "wall.c")
}
