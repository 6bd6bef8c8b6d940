import Git
import Model

extension GuardFixture {
    private static let conflict = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\nd\n"

    static let text = [
        GuardFixture(
            key: "conflict_markers", name: "a whole conflict", files: [File("a.txt", "a\nd\n", conflict)],
            places: ["a.txt:2"]),
        GuardFixture(
            key: "conflict_markers", name: "the end of one",
            files: [File("a.txt", "a\n", "a\n=======\nc\n>>>>>>> x\n")],
            places: ["a.txt:4"]),
        GuardFixture(
            key: "conflict_markers", name: "with CRLF",
            files: [File("a.txt", nil, "<<<<<<< HEAD\r\nb\r\n=======\r\nc\r\n>>>>>>> other\r\n")], places: ["a.txt:1"]),
        GuardFixture(
            key: "conflict_markers", name: "a heading of a text",
            files: [File("a.rst", nil, "Title\n=======\n\ntext\n")]),
        GuardFixture(
            key: "conflict_markers", name: "a quoted mail", files: [File("a.txt", nil, ">>>>>>> he said\n>>>>>>> so\n")]
        ),
        GuardFixture(
            key: "conflict_markers", name: "a fixture that had them", files: [File("a.txt", conflict, conflict + "e\n")]
        ),
        GuardFixture(
            key: "conflict_markers", name: "longer and shorter rows",
            files: [File("a.txt", nil, "<<<<<<<< a\n<<<<<< b\n << c\n<<<<<<<x\n")]),
        GuardFixture(
            key: "emptied_files", name: "nothing left", files: [File("a.py", lines(8), "")], places: ["a.py"],
            says: "is empty now; it had 8 lines"),
        GuardFixture(
            key: "emptied_files", name: "only comments left", files: [File("a.py", lines(8), "# todo\n\n# x\n")],
            places: ["a.py"]),
        GuardFixture(
            key: "emptied_files", name: "only a header left",
            files: [File("a.swift", lines(8), "// Copyright\n/* more */\n")], places: ["a.swift"]),
        GuardFixture(
            key: "emptied_files", name: "a coding line that goes",
            files: [File("p/__init__.py", "# coding: utf-8\nfrom __future__ import division\n", "")]),
        GuardFixture(key: "emptied_files", name: "a deleted file", files: [File("a.py", lines(8), nil)]),
        GuardFixture(
            key: "emptied_files", name: "a file cut down to one line", files: [File("a.py", lines(8), "x = 1\n")]),
        GuardFixture(
            key: "emptied_files", name: "comments that were all there was",
            files: [File("a.py", "# a\n# b\n# c\n# d\n# e\n# f\n# g\n", "# a\n")]),
    ]

    private static func lines(_ count: Int) -> String { (0..<count).map { "x\($0) = \($0)\n" }.joined() }

    static let laziness =
        [
            ("a.py", "# ... existing code ...\n"), ("a.js", "// ... existing code ...\n"),
            ("a.ts", "/* ... rest of the file unchanged ... */\n"), ("a.java", "// … rest of the class …\n"),
            ("a.go", "// rest of the function remains the same\n"), ("a.rs", "// (existing code unchanged)\n"),
            ("a.html", "<!-- ... existing content ... -->\n"), ("a.yaml", "# ... rest of the file ...\n"),
            ("a.swift", "// [rest of implementation unchanged]\n"), ("a.kt", "// remaining methods unchanged...\n"),
            ("a.c", "/* code omitted for brevity */\n"),
        ].map { path, line in
            GuardFixture(
                key: "placeholders", name: "`\(line.dropLast())`", files: [File(path, "x\n", "x\n\(line)")],
                places: ["\(path):2"])
        }
        + [
            ("a.py", "# The rest of the file is read lazily.\n"), ("a.py", "x = '... existing code ...'\n"),
            ("a.go", "// Existing entries keep their order.\n"), ("a.js", "// ...\n"),
            ("a.ts", "// use the existing code path for now\n"), ("a.c", "/* unchanged since version 2 */\n"),
            ("a.md", "# Rest of the file unchanged\n"), ("a.py", "def f(): ...\n"),
            ("a.swift", "// The previous implementation was quadratic.\n"),
        ].map { path, line in
            GuardFixture(
                key: "placeholders", name: "not: `\(line.dropLast())`", files: [File(path, "x\n", "x\n\(line)")])
        }
        + [
            GuardFixture(
                key: "placeholders", name: "not: one that was there",
                files: [File("a.js", "// ... existing code ...\n", "x\n// ... existing code ...\n")])
        ]

    static let suppressions =
        [
            ("a.py", "import os  # noqa\n"), ("a.py", "import os  # NOQA: F401\n"),
            ("a.py", "x = y  # type: ignore[attr]\n"), ("a.py", "x = y  # why  # type:ignore\n"),
            ("a.py", "# pylint: disable=all\n"), ("a.pyi", "x: int  # pyright: ignore\n"),
            ("a.py", "@typing.no_type_check\ndef f(): pass\n"), ("a.ts", "// @ts-ignore\n"),
            ("a.ts", "/* @ts-expect-error: later */\n"), ("a.js", "/* eslint-disable */\n"),
            ("a.tsx", "x(); // eslint-disable-line no-undef\n"), ("a.go", "x() //nolint:errcheck\n"),
            ("a.go", "//lint:ignore SA1000 why\n"), ("a.rs", "#[allow(dead_code)]\nfn f() {}\n"),
            ("a.rs", "#![allow(unused)]\n"), ("a.rs", "#[cfg_attr(test, allow(unused))]\nfn f() {}\n"),
            ("A.java", "@SuppressWarnings(\"unchecked\")\nclass A {}\n"), ("A.java", "x(); // NOSONAR\n"),
            ("A.kt", "@file:Suppress(\"UNUSED\")\n"), ("A.kt", "@Suppress(\"X\") fun f() {}\n"),
            ("A.scala", "@nowarn def f = 1\n"), ("a.cc", "int x; // NOLINT(foo)\n"),
            ("a.h", "// NOLINTNEXTLINE\nint x;\n"),
            ("a.c", "#pragma GCC diagnostic ignored \"-Wall\"\n"), ("a.cpp", "#pragma warning(disable: 4996)\n"),
            ("a.swift", "// swiftlint:disable force_cast\n"), ("a.cs", "#pragma warning disable CS0168\n"),
            ("a.cs", "[SuppressMessage(\"a\", \"b\")]\nclass A {}\n"), ("a.rb", "x # rubocop:disable Style/X\n"),
            ("a.php", "<?php\n// phpcs:ignore\nf();\n"), ("a.php", "<?php\n/** @phpstan-ignore-next-line */\nf();\n"),
            ("a.sh", "# shellcheck disable=SC2086\n"),
        ].map { path, line in
            let at = path.hasSuffix(".php") ? 3 : 2
            return GuardFixture(
                key: "suppressions", name: "`\(line.split(separator: "\n").first { $0 != "<?php" } ?? "")` in \(path)",
                files: [File(path, "a;\n", "a;\n\(line)")], places: ["\(path):\(at)"])
        }
        + [
            ("in a string", "a.py", "x\n", "x\ny = '# noqa'\nz = \"\"\"\n# type: ignore\n\"\"\"\n"),
            ("in a template", "a.ts", "x;\n", "x;\nconst y = `// @ts-ignore`;\n"),
            ("in prose", "a.py", "x\n", "x\n# we used to need a noqa here, and a type: ignore\n"),
            ("a longer word", "a.py", "x\n", "x\n# noqatools\n"),
            ("an edited line", "a.py", "x = 1  # noqa\n", "y = 2  # noqa: E501\n"),
            ("one of the same kind for another", "a.ts", "// @ts-ignore\nx;\n", "// @ts-expect-error\nx;\n"),
            ("one of `allow` for `expect`", "a.rs", "#[allow(x)]\nfn f() {}\n", "#[expect(x)]\nfn f() {}\n"),
            ("one less", "a.py", "x  # noqa\ny  # noqa\n", "x  # noqa\ny\n"),
            ("an attribute of another name", "a.rs", "fn f() {}\n", "#[allowed]\n#[derive(Debug)]\nfn f() {}\n"),
            ("a method of that name", "A.java", "x\n", "x\nlist.SuppressWarnings();\n"),
            ("a document about them", "a.md", "x\n", "x\n# noqa\n`// @ts-ignore`\n"),
        ].map { name, path, old, new in
            GuardFixture(key: "suppressions", name: "not: \(name)", files: [File(path, old, new)])
        }
        + [
            GuardFixture(
                key: "suppressions", name: "not: a line that moved to another file",
                files: [File("a.py", "x  # noqa\ny\n", "y\n"), File("b.py", "z\n", "z\nx  # noqa\n")]),
            GuardFixture(
                key: "suppressions", name: "not: a renamed file",
                files: [File("a.py", "x  # noqa\n", nil), File("b.py", nil, "x  # noqa\n")]),
            GuardFixture(
                key: "suppressions", name: "a different line of another file",
                files: [File("a.py", "x  # noqa\ny\n", "y\n"), File("b.py", "z\n", "z  # noqa\n")], places: ["b.py:1"]),
        ]
}
