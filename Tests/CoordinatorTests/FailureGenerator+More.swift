/// Kinds of other tools, and messages of checks that a project has written itself.
extension FailureGenerator {
    static let more: [(name: String, output: @Sendable (inout FailureGenerator) -> String)] = [
        (
            "mocha",
            { m in
                "  \(m.noun())\n    ✓ works\n    1) computes \(m.noun())\n\n\n  1 passing (\(m.number())ms)\n  1 failing\n\n  1) \(m.noun())\n       computes \(m.noun()):\n\n      AssertionError: expected \(m.number()) to equal \(m.number())\n      + expected - actual\n\n      -\(m.number())\n      +\(m.number())\n\n      at Context.<anonymous> (test/\(m.noun()).spec.js:\(m.number()):\(m.number(1...9)))\n"
            }
        ),
        (
            "vitest",
            { m in
                " FAIL  src/\(m.noun()).test.ts > \(m.noun()) > adds\nAssertionError: expected \(m.number()) to be \(m.number()) // Object.is equality\n\n- Expected\n+ Received\n\n- \(m.number())\n+ \(m.number())\n\n ❯ src/\(m.noun()).test.ts:\(m.number()):\(m.number(1...30))\n"
            }
        ),
        (
            "mypy-arg",
            { m in
                "\(m.path("py")):\(m.number()): error: Argument \(m.number(1...3)) to \"\(m.snake())\" has incompatible type \"\(m.pick(["str","int","float"]))\"; expected \"\(m.pascal())\"  [arg-type]\nFound 1 error in 1 file (checked \(m.number()) source files)\n"
            }
        ),
        (
            "mypy-attr",
            { m in
                "\(m.path("py")):\(m.number()): error: \"\(m.pascal())\" has no attribute \"\(m.snake())\"  [attr-defined]\nFound 1 error in 1 file\n"
            }
        ),
        (
            "ruff",
            { m in
                "\(m.path("py")):\(m.number()):\(m.number(1...60)): F401 [*] `\(m.noun()).\(m.snake())` imported but unused\nFound 1 error.\n[*] 1 fixable with the `--fix` option.\n"
            }
        ),
        (
            "flake8",
            { m in "./\(m.path("py")):\(m.number()):80: E501 line too long (\(m.number(80...200)) > 79 characters)\n" }
        ),
        (
            "pylint",
            { m in
                "************* Module \(m.noun())\n\(m.path("py")):\(m.number()):0: C0116: Missing function or method docstring (missing-function-docstring)\n\n---\nYour code has been rated at \(m.number(1...9)).\(m.number(10...99))/10\n"
            }
        ),
        (
            "rspec",
            { m in
                "Failures:\n\n  1) \(m.pascal()) returns the \(m.noun())\n     Failure/Error: expect(\(m.noun()).\(m.noun())).to eq(\(m.number()))\n\n       expected: \(m.number())\n            got: \(m.number())\n\n       (compared using ==)\n     # ./spec/\(m.noun())_spec.rb:\(m.number()):in `block (2 levels) in <top (required)>'\n\nFinished in \(m.seconds()) seconds\n2 examples, 1 failure\n"
            }
        ),
        (
            "csharp",
            { m in
                "\(m.pascal()).cs(\(m.number()),\(m.number(1...50))): error CS0103: The name '\(m.camel())' does not exist in the current context [/repo/\(m.noun()).csproj]\nBuild FAILED.\n"
            }
        ),
        (
            "xunit",
            { m in
                "  Failed \(m.pascal()).\(m.pascal()) [\(m.number()) ms]\n  Error Message:\n   Assert.Equal() Failure\nExpected: \(m.number())\nActual:   \(m.number())\n  Stack Trace:\n     at \(m.pascal())Tests.\(m.pascal())() in /repo/tests/\(m.pascal())Tests.cs:line \(m.number())\n"
            }
        ),
        (
            "kotlin",
            { m in
                "e: file:///repo/src/\(m.pascal()).kt:\(m.number()):\(m.number(1...30)) Unresolved reference: \(m.camel())\n\nFAILURE: Build failed with an exception.\n"
            }
        ),
        (
            "go-panic",
            { m in
                "panic: runtime error: index out of range [\(m.number())] with length \(m.number())\n\ngoroutine \(m.number()) [running]:\nexample.com/\(m.noun()).\(m.capital())(...)\n\t/repo/\(m.noun()).go:\(m.number()) +0x\(m.number())\n"
            }
        ),
        (
            "go-nil",
            { m in
                "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=\(m.hex()) pc=\(m.hex())]\n\ngoroutine 1 [running]:\nmain.\(m.camel())(0x0)\n\t/repo/\(m.noun()).go:\(m.number()) +0x1d\n"
            }
        ),
        (
            "npm",
            { m in
                "npm ERR! Missing script: \"\(m.noun())\"\nnpm ERR! \nnpm ERR! A complete log of this run can be found in: /root/.npm/_logs/\(m.number())-debug.log\n"
            }
        ),
        ("shell", { m in "/bin/sh: 1: \(m.noun())-tool: not found\n" }),
        (
            "clang",
            { m in
                "\(m.path("cpp")):\(m.number()):\(m.number(1...30)): error: no member named '\(m.camel())' in '\(m.pascal())'\n    return \(m.noun()).\(m.camel());\n           ~~~ ^\n1 error generated.\n"
            }
        ),
        (
            "syntax",
            { m in
                "  File \"/repo/\(m.path("py"))\", line \(m.number())\n    def \(m.snake())(:\n                  ^\nSyntaxError: invalid syntax\n"
            }
        ),
        (
            "indent",
            { m in
                "  File \"/repo/\(m.path("py"))\", line \(m.number())\n    return \(m.snake())\nIndentationError: unexpected indent\n"
            }
        ),
        ("prose-a", { m in "migration check: \(m.noun()) still uses the old logger in \(m.number()) places\n" }),
        ("prose-b", { m in "\(m.path("py")): header of \(m.noun()) is missing the licence\n" }),
        (
            "prose-c",
            { m in "Sum of \(m.noun()) and \(m.noun()) differs from the golden file by \(m.number()).\(m.number())\n" }
        ),
        (
            "json",
            { m in
                "json.decoder.JSONDecodeError: Expecting value: line \(m.number()) column \(m.number(1...9)) (char \(m.number()))\n"
            }
        ),
        (
            "py-assert-msg",
            { m in m.unittest(["AssertionError: \(m.number()) != \(m.number()) : \(m.noun()) has the wrong total"]) }
        ),
        ("py-notin", { m in m.unittest(["AssertionError: '\(m.noun())' not found in \(m.value())"]) }),
        (
            "py-import",
            { m in
                m.unittest([
                    "ImportError: cannot import name '\(m.pascal())' from '\(m.noun()).\(m.noun())' (/repo/\(m.path("py")))"
                ])
            }
        ),
        (
            "py-circular",
            { m in
                m.unittest([
                    "ImportError: cannot import name '\(m.pascal())' from partially initialized module '\(m.noun())' (most likely due to a circular import) (/repo/\(m.path("py")))"
                ])
            }
        ),
        (
            "py-value",
            { m in
                m.unittest([
                    "ValueError: not enough values to unpack (expected \(m.number(2...5)), got \(m.number(1...2)))"
                ])
            }
        ),
        (
            "node-mod",
            { m in
                "node:internal/modules/cjs/loader:1080\n  throw err;\n  ^\n\nError: Cannot find module './\(m.noun())/\(m.camel())'\nRequire stack:\n- /repo/\(m.path("js"))\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1077:15) {\n  code: 'MODULE_NOT_FOUND',\n}\n\nNode.js v20.\(m.number(1...20)).0\n"
            }
        ),
        (
            "tap",
            { m in
                "TAP version 13\n# Subtest: \(m.noun()) \(m.noun())\nnot ok 1 - \(m.noun()) \(m.noun())\n  ---\n  duration_ms: \(m.seconds())\n  location: '/repo/test/\(m.noun()).test.js:\(m.number()):1'\n  failureType: 'testCodeFailure'\n  error: |-\n    Expected values to be strictly deep-equal:\n    \(m.number()) !== \(m.number())\n  code: 'ERR_ASSERTION'\n  stack: |-\n    TestContext.<anonymous> (/repo/test/\(m.noun()).test.js:\(m.number()):10)\n  ...\n1..1\n"
            }
        ),
        (
            "swift-type",
            { m in
                "/repo/Sources/\(m.pascal()).swift:\(m.number()):\(m.number(1...60)): error: cannot convert value of type '\(m.pascal())' to expected argument type '\(m.pascal())'\n"
            }
        ),
        (
            "xctest",
            { m in
                "/repo/Tests/\(m.pascal())Tests.swift:\(m.number()): error: \(m.pascal())Tests.test\(m.capital()) : XCTAssertEqual failed: (\"\(m.number())\") is not equal to (\"\(m.number())\")\nTest Case '\(m.pascal())Tests.test' failed (\(m.seconds()) seconds)\n"
            }
        ),
        (
            "rust-borrow",
            { m in m.rustc("E0502", "cannot borrow `\(m.snake())` as mutable because it is also borrowed as immutable")
            }
        ),
        ("rust-trait", { m in m.rustc("E0277", "the trait bound `\(m.pascal()): \(m.pascal())` is not satisfied") }),
        ("javac-missing", { m in m.javac("package com.example.\(m.noun()) does not exist", "") }),
        ("java-class", { m in m.surefire("com/example/\(m.noun())/\(m.pascal())", "java.lang.NoClassDefFoundError") }),
        (
            "php-type",
            { m in
                m.phpunit(
                    "TypeError: App\\\(m.pascal())::\(m.camel())(): Argument #\(m.number(1...3)) ($\(m.noun())) must be of type int, string given, called in /repo/src/\(m.pascal()).php on line \(m.number())"
                )
            }
        ),
        (
            "ruby-load",
            { m in
                "/usr/lib/ruby/rubygems.rb:85:in `require': cannot load such file -- \(m.noun())/\(m.snake()) (LoadError)\n\tfrom \(m.path("rb")):\(m.number()):in `<main>'\n"
            }
        ),
        ("timeout-own", { m in "\(m.noun()) test timed out after \(m.number()) seconds\n" }),
    ]
}
