import TestSupport

/// Outputs of failed checks, as test runners, compilers and linters write them. Names, files, numbers, times, places and the
/// order of tests are random; the kind of failure is not.
struct FailureGenerator {
    var random: SeededGenerator

    /// Names of things.
    var names = FailureGenerator.nouns

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// The kinds, by name.
    static let kinds: [(name: String, output: @Sendable (inout FailureGenerator) -> String)] =
        python + javaScript + compiled + others + more

    static let nouns = [
        "order", "invoice", "ledger", "basket", "customer", "price", "shelf", "route", "parcel", "tariff", "coupon",
        "stock",
        "region", "driver", "vendor", "account", "voucher", "receipt", "pallet", "depot",
    ]

    /// Names that are words of messages too.
    static let technicalNouns = [
        "index", "cache", "path", "handler", "parser", "token", "table", "client", "key", "value", "message", "server",
        "result", "config", "node", "event", "session", "report", "module", "header", "status", "buffer", "field",
        "queue",
    ]

    mutating func number(_ range: ClosedRange<Int> = 1...400) -> Int { Int.random(in: range, using: &random) }
    mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...(values.count - 1))] }
    mutating func noun() -> String { pick(names) }
    mutating func capital() -> String { noun().capitalised }
    mutating func snake() -> String { "\(noun())_\(pick(["total", "count", "key", "of", "for_region", "by_id"]))" }
    mutating func camel() -> String { noun() + pick(["Total", "Count", "Key", "For", "ById"]) }
    mutating func pascal() -> String { capital() + pick(["Store", "Map", "Reader", "List", "Service"]) }
    mutating func seconds() -> String { "\(number(0...9)).\(number(100...999))" }
    mutating func hex() -> String { "0x" + String(number(0x1000_0000...0x7FFF_FFFF), radix: 16) }
    mutating func temporary() -> String {
        "/tmp/\(pick(["pytest-of-ci", "tmp", "build"]))-\(number(100...9999))/\(noun())"
    }
    mutating func folder() -> String { pick(["", "src/", "lib/", "app/core/", "shop/\(noun())/"]) }
    mutating func path(_ suffix: String) -> String { "\(folder())\(noun())\(number(1...40)).\(suffix)" }

    /// A number, a text, a list or a dictionary, in an order that varies.
    mutating func value() -> String {
        let texts = [noun(), noun(), noun()].shuffled(using: &random)
        switch number(0...4) {
        case 0: return "\(number())"
        case 1: return "'\(noun())-\(number())'"
        case 2: return "[\(texts.map { "'\($0)'" }.joined(separator: ", "))]"
        case 3: return "{'\(texts[0])': \(number()), '\(texts[1])': \(number())}"
        default: return "\(number()).\(number())"
        }
    }

    /// Blocks of equal rank, as tests that run in a random order write them.
    mutating func shuffled(_ blocks: [String]) -> String { blocks.shuffled(using: &random).joined() }
}

extension String {
    var capitalised: String { prefix(1).uppercased() + dropFirst() }
}

// MARK: Python

extension FailureGenerator {
    mutating func traceback(_ error: String) -> String {
        let test = "tests/test_\(noun()).py"
        return """
            ======================================================================
            ERROR: test_\(snake()) (\(noun()).\(pascal()).test_\(snake()))
            ----------------------------------------------------------------------
            Traceback (most recent call last):
              File "\(test)", line \(number()), in test_\(snake())
                \(snake())(\(number()))
              File "\(path("py"))", line \(number()), in \(snake())
                return \(snake()).\(snake())
            \(error)

            """
    }

    mutating func unittest(_ errors: [String]) -> String {
        var blocks: [String] = []
        for error in errors { blocks.append(traceback(error)) }
        return shuffled(blocks)
            + """
            ----------------------------------------------------------------------
            Ran \(number(3...90)) tests in \(seconds())s

            FAILED (errors=\(errors.count))

            """
    }

    mutating func pytest(_ line: String, _ exception: String) -> String {
        let file = "tests/test_\(noun())\(number(1...9)).py"
        let test = "test_\(snake())"
        return """
            ============================= test session starts ==============================
            platform linux -- Python 3.12.\(number(0...9)), pytest-8.3.3, pluggy-1.5.0
            rootdir: \(temporary())
            collected \(number(2...80)) items

            \(file) ..F.                                                      [ 75%]

            =================================== FAILURES ===================================
            _______________________________ \(test) _______________________________

                def \(test)():
            >       \(line.hasPrefix("assert") ? line : "\(snake())(\(number()))")
            E       \(line)

            \(file):\(number()): \(exception)
            =========================== short test summary info ============================
            FAILED \(file)::\(test) - \(line)
            ========================= 1 failed, \(number()) passed in \(seconds())s =========================

            """
    }

    static let python: [(name: String, output: @Sendable (inout FailureGenerator) -> String)] = [
        ("python-name", { $0.unittest(["NameError: name '\($0.pascal())' is not defined"]) }),
        (
            "python-module",
            { made in made.unittest(["ModuleNotFoundError: No module named '\(made.noun()).\(made.noun())'"]) }
        ),
        (
            "python-attribute",
            { $0.unittest(["AttributeError: '\($0.pascal())' object has no attribute '\($0.snake())'"]) }
        ),
        (
            "python-arguments",
            { made in
                let few = made.number(1...3)
                return made.unittest([
                    "TypeError: \(made.snake())() takes \(few) positional argument\(few == 1 ? "" : "s") but "
                        + "\(few + 1) were given"
                ])
            }
        ),
        ("python-equal", { $0.unittest(["AssertionError: \($0.value()) != \($0.value())"]) }),
        (
            "python-lists",
            { made in
                made.unittest([
                    "AssertionError: Lists differ: ['\(made.noun())', \(made.number())] != [\(made.number())]\n\nFirst "
                        + "differing element 0:\n'\(made.noun())'\n\(made.number())"
                ])
            }
        ),
        (
            "python-two",
            { made in
                made.unittest([
                    "RecursionError: maximum recursion depth exceeded while calling a Python object",
                    "ZeroDivisionError: division by zero",
                ])
            }
        ),
        (
            "pytest-assert",
            { made in
                made.pytest("assert \(made.number()) == \(made.number())", "AssertionError")
            }
        ),
        ("pytest-key", { made in made.pytest("KeyError: '\(made.snake())'", "KeyError") }),
        (
            "python-file",
            { made in
                made.unittest(["FileNotFoundError: [Errno 2] No such file or directory: '\(made.temporary()).json'"])
            }
        ),
    ]
}

// MARK: JavaScript

extension FailureGenerator {
    mutating func jest(_ message: String, _ rest: String = "") -> String {
        let file = "\(folder())\(noun()).test.js"
        let line = number()
        return """
            FAIL \(file)
              \(pascal())
                ✓ reads \(noun()) (\(number(1...50)) ms)
                ✕ computes the \(noun()) (\(number(1...50)) ms)

              ● \(pascal()) › computes the \(noun())

                \(message)
            \(rest)
                  \(line - 1) |   const \(camel()) = \(camel())(\(number()));
                > \(line) |   expect(\(camel())).toBe(\(number()));
                    |                 ^

                  at Object.<anonymous> (\(file):\(line):\(number(3...60)))

            Test Suites: 1 failed, \(number()) passed, 13 total
            Time:        \(seconds()) s

            """
    }

    mutating func nodeTest(_ message: String) -> String {
        let file = "test/\(noun())\(number(1...9)).test.js"
        return """
            ✖ \(noun()) of \(noun()) (\(seconds())ms)
              \(message)
                  at TestContext.<anonymous> (file://\(file):\(number()):\(number(1...80)))
                  at Test.runInAsyncScope (node:async_hooks:203:9)
                  at Test.run (node:internal/test_runner/test:631:25)

            ℹ tests \(number())
            ℹ fail 1
            ℹ duration_ms \(seconds())

            """
    }

    static let javaScript: [(name: String, output: @Sendable (inout FailureGenerator) -> String)] = [
        (
            "jest-be",
            { made in
                let values = "\n    Expected: \(made.number())\n    Received: \(made.number())\n"
                return made.jest("expect(received).toBe(expected) // Object.is equality", values)
            }
        ),
        (
            "jest-equal",
            { made in
                let values =
                    "\n    - Expected  - 1\n    + Received  + 1\n\n    - \"\(made.noun())\": \(made.number()),\n"
                return made.jest("expect(received).toEqual(expected) // deep equality", values)
            }
        ),
        ("jest-function", { made in made.jest("TypeError: \(made.noun()).\(made.camel()) is not a function") }),
        (
            "node-undefined",
            { made in
                let what = made.pick(["undefined", "null"])
                return made.nodeTest("TypeError: Cannot read properties of \(what) (reading '\(made.camel())')")
            }
        ),
        ("node-reference", { made in made.nodeTest("ReferenceError: \(made.camel()) is not defined") }),
        (
            "tsc-argument",
            { made in
                "\(made.path("ts"))(\(made.number()),\(made.number(1...80))): error TS2345: Argument of type "
                    + "'\(made.pascal())' is not assignable to parameter of type '\(made.pick(["string", "number"]))'.\n"
            }
        ),
        (
            "tsc-property",
            { made in
                "\(made.path("ts")):\(made.number()):\(made.number(1...80)) - error TS2339: Property '\(made.camel())' does "
                    + "not exist on type '\(made.pascal())'.\n\n\(made.number())   return this.\(made.camel());\n"
                    + "                ~~~~~~~\n\n\nFound 1 error in \(made.path("ts")):\(made.number())\n"
            }
        ),
        (
            "eslint-unused",
            { made in
                "\n/repo/\(made.path("js"))\n  \(made.number()):\(made.number(1...80))  error  '\(made.camel())' is "
                    + "\(made.pick(["defined", "assigned a value"])) but never used  no-unused-vars\n\n"
                    + "✖ 1 problem (1 error, 0 warnings)\n"
            }
        ),
        (
            "eslint-undef",
            { made in
                "\n/repo/\(made.path("js"))\n  \(made.number()):\(made.number(1...80))  error  '\(made.camel())' is not "
                    + "defined  no-undef\n\n✖ 1 problem (1 error, 0 warnings)\n"
            }
        ),
    ]
}
