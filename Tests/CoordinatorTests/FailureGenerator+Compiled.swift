// MARK: Compiled languages

extension FailureGenerator {
    mutating func goTest(_ message: String) -> String {
        let test = "Test\(pascal())"
        return """
            --- FAIL: \(test) (\(seconds())s)
                \(noun())_test.go:\(number()): \(message)
            FAIL
            FAIL\texample.com/\(noun())/\(noun())\t\(seconds())s
            FAIL

            """
    }

    mutating func goBuild(_ message: String) -> String {
        "# example.com/\(noun())/\(noun())\n./\(noun())\(number(1...9)).go:\(number()):\(number(1...60)): \(message)\n"
    }

    mutating func rustc(_ code: String, _ message: String) -> String {
        let line = number(10...99)
        return """
               Compiling \(noun()) v0.\(number(1...9)).0 (\(temporary()))
            error[\(code)]: \(message)
              --> src/\(noun()).rs:\(line):\(number(1...60))
               |
            \(line) |     let \(snake()) = \(snake())(\(number()));
               |                   ^^^^^^^ here

            For more information about this error, try `rustc --explain \(code)`.
            error: could not compile `\(noun())` (lib) due to 1 previous error

            """
    }

    mutating func cargoTest(_ message: String) -> String {
        let test = "tests::\(snake())"
        return """
            running \(number(2...60)) tests
            test \(test) ... FAILED

            failures:

            ---- \(test) stdout ----

            thread '\(test)' panicked at src/\(noun()).rs:\(number()):\(number(1...60)):
            \(message)
            note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace


            failures:
                \(test)

            test result: FAILED. \(number()) passed; 1 failed; 0 ignored; finished in \(seconds())s

            error: test failed, to rerun pass `--lib`

            """
    }

    mutating func surefire(_ message: String, _ exception: String) -> String {
        let test = "\(pascal())Test"
        let line = number()
        let method = camel()
        return """
            [INFO] Running com.example.\(noun()).\(test)
            [ERROR] Tests run: \(number(2...30)), Failures: 1, Errors: 0, Skipped: 0, Time elapsed: \(seconds()) s <<< FAILURE!
            [ERROR] \(method)(com.example.\(noun()).\(test))  Time elapsed: \(seconds()) s  <<< FAILURE!
            \(exception): \(message)
            \tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
            \tat com.example.\(noun()).\(test).\(method)(\(test).java:\(line))

            [INFO] Results:
            [ERROR] Failures:
            [ERROR]   \(test).\(method):\(line) \(message)

            """
    }

    mutating func javac(_ message: String, _ rest: String) -> String {
        let file = "src/main/java/com/example/\(noun())/\(pascal()).java"
        return """
            \(file):\(number()): error: \(message)
                \(pascal()) \(camel()) = new \(pascal())();
                ^
            \(rest)1 error

            """
    }

    mutating func gcc(_ message: String) -> String {
        let file = path("c")
        let line = number()
        return """
            \(file): In function ‘\(snake())’:
            \(file):\(line):\(number(1...60)): error: \(message)
              \(line) |   return \(snake()) + 1;
                  |          ^~~~~~~~
            make: *** [Makefile:\(number(2...40)): \(noun()).o] Error 1

            """
    }

    static let compiled: [(name: String, output: @Sendable (inout FailureGenerator) -> String)] = [
        (
            "go-want",
            { made in made.goTest("\(made.capital())(\(made.number())) = \(made.number()), want \(made.number())") }
        ),
        (
            "go-undefined",
            { made in made.goBuild("undefined: \(made.pick([made.noun(), made.camel(), made.pascal()]))") }
        ),
        (
            "go-type",
            { made in
                made.goBuild(
                    "cannot use \(made.noun()) (variable of type int) as \(made.pascal()) value in argument to f")
            }
        ),
        ("go-unused", { made in made.goBuild("declared and not used: \(made.pick([made.noun(), made.camel()]))") }),
        (
            "rust-value",
            { made in made.rustc("E0425", "cannot find value `\(made.snake())` in this scope") }
        ),
        ("rust-mismatch", { made in made.rustc("E0308", "mismatched types") }),
        (
            "cargo-equal",
            { made in
                made.cargoTest(
                    "assertion `left == right` failed\n  left: \(made.number())\n right: \(made.number())")
            }
        ),
        ("cargo-unwrap", { made in made.cargoTest("called `Option::unwrap()` on a `None` value") }),
        (
            "cargo-index",
            { made in
                made.cargoTest("index out of bounds: the len is \(made.number()) but the index is \(made.number())")
            }
        ),
        (
            "java-expected",
            { made in
                made.surefire(
                    "expected: <\(made.number())> but was: <\(made.number())>", "org.opentest4j.AssertionFailedError")
            }
        ),
        (
            "java-null",
            { made in
                made.surefire(
                    "Cannot invoke \"\(made.pascal()).\(made.camel())()\" because \"\(made.noun())\" is null",
                    "java.lang.NullPointerException")
            }
        ),
        (
            "javac-symbol",
            { made in
                made.javac(
                    "cannot find symbol",
                    "  symbol:   \(made.pick(["class", "variable"])) \(made.pascal())\n  location: class \(made.pascal())\n"
                )
            }
        ),
        (
            "javac-types",
            { made in made.javac("incompatible types: String cannot be converted to \(made.pascal())", "") }
        ),
        ("gcc-undeclared", { made in made.gcc("‘\(made.snake())’ undeclared (first use in this function)") }),
        ("gcc-implicit", { made in made.gcc("implicit declaration of function ‘\(made.snake())’") }),
        (
            "ld-undefined",
            { made in
                "/usr/bin/ld: \(made.temporary()).o: in function `main':\n\(made.noun()).c:(.text+\(made.hex())): undefined "
                    + "reference to `\(made.snake())'\ncollect2: error: ld returned 1 exit status\n"
            }
        ),
        (
            "swift-scope",
            { made in
                "/repo/Sources/\(made.pascal()).swift:\(made.number()):\(made.number(1...60)): error: cannot find "
                    + "'\(made.camel())' in scope\n"
            }
        ),
        (
            "swift-expect",
            { made in
                "✘ Test \(made.camel())() recorded an issue at \(made.pascal())Tests.swift:\(made.number()):\(made.number(1...9)): "
                    + "Expectation failed: (\(made.camel()) → \(made.number())) == \(made.number())\n"
            }
        ),
    ]
}

// MARK: Others

extension FailureGenerator {
    mutating func minitest(_ message: String) -> String {
        """
        Run options: --seed \(number(1000...60000))

        # Running:

        ..F.

        Finished in \(seconds())s, \(number()).\(number()) runs/s.

          1) Failure:
        \(pascal())Test#test_\(snake()) [test/\(noun())_test.rb:\(number())]:
        \(message)

        \(number(2...30)) runs, \(number(2...60)) assertions, 1 failures, 0 errors, 0 skips

        """
    }

    mutating func phpunit(_ message: String) -> String {
        """
        PHPUnit 10.5.\(number(1...30)) by Sebastian Bergmann and contributors.

        ..F.                                                4 / 4 (100%)

        Time: 00:00.0\(number(10...99)), Memory: \(number(4...30)).00 MB

        There was 1 failure:

        1) App\\Tests\\\(pascal())Test::test\(capital())
        \(message)

        /repo/tests/\(pascal())Test.php:\(number())

        FAILURES!
        Tests: 4, Assertions: \(number(4...40)), Failures: 1.

        """
    }

    static let others: [(name: String, output: @Sendable (inout FailureGenerator) -> String)] = [
        ("ruby-expected", { made in made.minitest("Expected: \(made.number())\n  Actual: \(made.number())") }),
        (
            "ruby-method",
            { made in
                "\(made.path("rb")):\(made.number()):in '\(made.pascal())#\(made.snake())': undefined method "
                    + "'\(made.snake())' for \(made.pick(["nil", "an instance of \(made.pascal())"])) (NoMethodError)\n"
                    + "\tfrom \(made.path("rb")):\(made.number()):in '<main>'\n"
            }
        ),
        (
            "php-assert",
            { made in made.phpunit("Failed asserting that \(made.number()) matches expected \(made.number()).") }
        ),
        (
            "php-function",
            { made in
                "PHP Fatal error:  Uncaught Error: Call to undefined function \(made.snake())() in "
                    + "/repo/\(made.path("php")):\(made.number())\nStack trace:\n#0 {main}\n  thrown in "
                    + "/repo/\(made.path("php")) on line \(made.number())\n"
            }
        ),
        (
            "own-words",
            { made in "\(made.pick(["", "ERROR: "]))the \(made.noun()) is unbalanced by \(made.number()) cents\n" }
        ),
    ]
}
