/// A language of the files of a project.
package enum ProjectLanguage: String, CaseIterable, Sendable {
    case python = "py"
    case typescript = "ts"
    case java
    case go
    case c
}

/// Lines that a migration leaves as they are, with what a careless worker makes of them.
struct ProjectPart: Sendable {
    var lines: [String]
    var odd: [ProjectRun.Odd: [String]] = [:]

    /// One line that an edit replaces by another, or deletes.
    init(_ line: String, _ odd: [ProjectRun.Odd: String?]) {
        lines = [line]
        self.odd = odd.mapValues { $0.map { [$0] } ?? [] }
    }

    init(lines: [String], _ odd: [ProjectRun.Odd: [String]]) {
        self.lines = lines
        self.odd = odd
    }
}

/// Writes the lines of a language.
struct ProjectWriter: Sendable {
    let language: ProjectLanguage

    private var indent: String {
        switch language {
        case .python, .c: "    "
        case .typescript: "  "
        case .java: "        "
        case .go: "\t"
        }
    }
    private var end: String { language == .python || language == .go ? "" : ";" }
    private var comment: String { language == .python ? "#" : "//" }
    private var assign: String { language == .go ? ":=" : "=" }

    var silence: String {
        switch language {
        case .python: "  # noqa"
        case .typescript: "  // eslint-disable-line"
        case .java: "  // NOSONAR"
        case .go: "  //nolint"
        case .c: "  // NOLINT"
        }
    }

    func imports(_ random: inout SampleGenerator) -> String {
        let name = SampleNames.variable(&random)
        return switch language {
        case .python: "import \(name)"
        case .typescript: "import { \(name) } from './\(name)';"
        case .java: "import com.example.\(name);"
        case .go: "\t\"example.com/\(name)\""
        case .c: "#include \"\(name).h\""
        }
    }

    func head(_ random: inout SampleGenerator) -> ProjectPart {
        let (name, first, second) = (
            SampleNames.function(&random), SampleNames.variable(&random), SampleNames.variable(&random)
        )
        let number = Int.random(in: 2...40, using: &random)
        switch language {
        case .python:
            return ProjectPart(
                "def \(name)(\(first), \(second)=\(number)):",
                [.changedDefault: "def \(name)(\(first), \(second)=\(number + 1)):"])
        case .typescript:
            return ProjectPart(
                "function \(name)(\(first): string, \(second) = \(number)) {",
                [.changedDefault: "function \(name)(\(first): string, \(second) = 0) {"])
        case .java: return ProjectPart("    public void \(name)(int \(first)) throws Exception {", [:])
        case .go: return ProjectPart("func \(name)(\(first) int) error {", [:])
        case .c: return ProjectPart("static int \(name)(char *\(first))", [:])
        }
    }

    /// One of the statements that functions are made of.
    func statement(_ random: inout SampleGenerator) -> ProjectPart {
        let (name, first, second) = (
            SampleNames.variable(&random), SampleNames.variable(&random) + "A", SampleNames.variable(&random) + "B"
        )
        let call = SampleNames.function(&random)
        let number = Int.random(in: 3...300, using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0:
            return ProjectPart(
                "\(indent)\(name) \(assign) \(call)(\(first), \(second))\(end)",
                [
                    .swappedArguments: "\(indent)\(name) \(assign) \(call)(\(second), \(first))\(end)",
                    .silenced: "\(indent)\(name) \(assign) \(call)(\(first), \(second))\(end)\(silence)",
                    .otherFunction: "\(indent)\(name) \(assign) \(call)(\(first), \(second), \(name))\(end)",
                    .whiteSpace: "\(indent)\(name)  \(assign) \(call)( \(first), \(second) )\(end)",
                ])
        case 1:
            return ProjectPart(
                "\(indent)\(name)_limit \(assign) \(number)\(end)",
                [.offByOne: "\(indent)\(name)_limit \(assign) \(number + 1)\(end)"])
        case 2: return condition(name, first, second)
        case 3:
            return ProjectPart(
                "\(indent)\(comment) \(SampleNames.words(&random))",
                [.deletedComment: nil, .otherFunction: "\(indent)\(comment) \(SampleNames.words(&random))"])
        case 4: return log(name, first)
        case 5: return nullCheck(first)
        case 6: return failure(call, first)
        case 7: return waiting(name, call, first)
        default: return assertion(name, first, number)
        }
    }

    private func condition(_ name: String, _ first: String, _ second: String) -> ProjectPart {
        let both = "\(first) > 0 && \(second) > 0"
        let either = both.replacing("&&", with: "||")
        switch language {
        case .python:
            return ProjectPart(
                "\(indent)\(name) = \(first) and \(second)",
                [.otherOperator: "\(indent)\(name) = \(first) or \(second)"])
        default:
            return ProjectPart(
                "\(indent)\(name) \(assign) \(both)\(end)",
                [.otherOperator: "\(indent)\(name) \(assign) \(either)\(end)"])
        }
    }

    private func log(_ text: String, _ value: String) -> ProjectPart {
        switch language {
        case .python: ProjectPart("\(indent)logger.info(\"\(text) %s\", \(value))", [.droppedLog: nil])
        case .typescript: ProjectPart("\(indent)console.log('\(text)', \(value));", [.droppedLog: nil])
        case .java: ProjectPart("\(indent)log.debug(\"\(text) {}\", \(value));", [.droppedLog: nil])
        case .go: ProjectPart("\(indent)log.Printf(\"\(text) %v\", \(value))", [.droppedLog: nil])
        case .c: ProjectPart("\(indent)fprintf(stderr, \"\(text) %d\", \(value));", [.droppedLog: nil])
        }
    }

    private func nullCheck(_ name: String) -> ProjectPart {
        let lines =
            switch language {
            case .python: ["    if \(name) is None:", "        return None"]
            case .typescript: ["  if (\(name) === null) {", "    return;", "  }"]
            case .java: ["        if (\(name) == null) {", "            return;", "        }"]
            case .go: ["\tif \(name) == nil {", "\t\treturn nil", "\t}"]
            case .c: ["    if (\(name) == NULL)", "        return -1;"]
            }
        return ProjectPart(lines: lines, [.removedNullCheck: []])
    }

    private func failure(_ call: String, _ name: String) -> ProjectPart {
        switch language {
        case .python:
            let lines = ["    try:", "        \(call)(\(name))", "    except KeyError:", "        raise"]
            return ProjectPart(
                lines: lines, [.otherException: lines.map { $0.replacing("KeyError", with: "Exception") }])
        case .typescript:
            let line = "  if (!\(name)) throw new RangeError('\(call)');"
            return ProjectPart(line, [.otherException: line.replacing("RangeError", with: "TypeError")])
        case .java:
            let lines = [
                "        try {", "            \(call)(\(name));", "        } catch (IOException e) {",
                "            throw e;", "        }",
            ]
            return ProjectPart(
                lines: lines, [.otherException: lines.map { $0.replacing("IOException", with: "RuntimeException") }])
        case .go:
            let line = "\tif errors.Is(\(name), io.EOF) { \(call)() }"
            return ProjectPart(line, [.otherException: line.replacing("io.EOF", with: "io.ErrUnexpectedEOF")])
        case .c:
            let line = "    if (\(call)(\(name))) return -EINVAL;"
            return ProjectPart(line, [.otherException: line.replacing("EINVAL", with: "EIO")])
        }
    }

    private func waiting(_ name: String, _ call: String, _ value: String) -> ProjectPart {
        switch language {
        case .python, .typescript:
            let line = "\(indent)\(name) = await \(call)(\(value))\(end)"
            return ProjectPart(line, [.removedAwait: line.replacing("await ", with: "")])
        case .java: return ProjectPart("\(indent)\(name).\(call)(\(value)).join();", [:])
        case .go: return ProjectPart("\(indent)defer \(name).\(call)(\(value))", [:])
        case .c: return ProjectPart("\(indent)\(name) = \(call)(&\(value));", [:])
        }
    }

    private func assertion(_ name: String, _ value: String, _ number: Int) -> ProjectPart {
        switch language {
        case .python:
            ProjectPart(
                "    assert \(name).\(value) == \(number)", [.weakenedTest: "    assert \(name).\(value) is not None"])
        case .typescript:
            ProjectPart(
                "  expect(\(name).\(value)).toBe(\(number));",
                [.weakenedTest: "  expect(\(name).\(value)).toBeTruthy();"])
        case .java:
            ProjectPart(
                "        assertSame(\(number), \(name).\(value));",
                [.weakenedTest: "        assertNotNull(\(name).\(value));"])
        case .go:
            ProjectPart(
                "\trequire.Equal(t, \(number), \(name).\(value))",
                [.weakenedTest: "\trequire.NotNil(t, \(name).\(value))"])
        case .c: ProjectPart("    assert(\(name) == \(number));", [.weakenedTest: "    assert(\(name) >= 0);"])
        }
    }
}
