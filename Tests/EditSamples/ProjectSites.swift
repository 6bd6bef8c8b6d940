/// A place that a migration changes.
struct ProjectSite: Sendable {
    var old: [String]
    var new: [String]
    /// What a worker that is wrong makes of it.
    var wrong: [String]

    init(_ old: String, _ new: String, wrong: [String]) {
        (self.old, self.new, self.wrong) = ([old], [new], wrong)
    }
}

/// The edits of a migration, each as one of several that a file may need.
struct ProjectMigration: Sendable {
    typealias Maker = @Sendable (inout SampleGenerator) -> ProjectSite

    var language: ProjectLanguage
    var makers: [Maker]
    /// Imports that are replaced.
    var imports: (old: [String], new: [String])

    static func of(_ language: ProjectLanguage) -> ProjectMigration {
        switch language {
        case .python: python
        case .typescript: typescript
        case .java: java
        case .go: go
        case .c: c
        }
    }

    /// Three names that differ.
    private static func three(_ random: inout SampleGenerator) -> (String, String, String) {
        var names: [String] = []
        while names.count < 3 {
            let name = SampleNames.variable(&random)
            if !names.contains(name) { names.append(name) }
        }
        return (names[0], names[1], names[2])
    }

    private static let python = ProjectMigration(
        language: .python,
        makers: [
            { random in
                let (text, value, _) = three(&random)
                return ProjectSite(
                    "    logger.warn(\"\(text) %s\", \(value))", "    logger.warning(\"\(text) %s\", \(value))",
                    wrong: ["    logger.error(\"\(text) %s\", \(value))", "    logger.warning(\"\(text) %s\")"])
            },
            { random in
                let (name, folder, file) = three(&random)
                return ProjectSite(
                    "    \(name) = os.path.join(\(folder), \(file))", "    \(name) = Path(\(folder)) / \(file)",
                    wrong: ["    \(name) = Path(\(file)) / \(folder)", "    \(name) = Path(\(folder)) // \(file)"])
            },
            { random in
                let (name, other, _) = three(&random)
                let code = statusCodes.randomElement(using: &random) ?? statusCodes[0]
                let wrong = statusCodes.first { $0.0 != code.0 } ?? statusCodes[0]
                return ProjectSite(
                    "    \(name)(\(other), \(code.0))", "    \(name)(\(other), HTTPStatus.\(code.1))",
                    wrong: ["    \(name)(\(other), HTTPStatus.\(wrong.1))"])
            },
            { random in
                let (name, other, value) = three(&random)
                return ProjectSite(
                    "    self.assertEquals(\(name).\(other), \(value))", "    assert \(name).\(other) == \(value)",
                    wrong: [
                        "    assert \(other).\(name) == \(value)", "    assert \(name).\(other) >= \(value)",
                        "    assert \(name).\(other)",
                    ])
            },
        ], imports: (["import os.path"], ["from pathlib import Path"]))

    private static let statusCodes = [
        (200, "OK"), (201, "CREATED"), (204, "NO_CONTENT"), (301, "MOVED_PERMANENTLY"), (400, "BAD_REQUEST"),
        (401, "UNAUTHORIZED"), (403, "FORBIDDEN"), (404, "NOT_FOUND"), (409, "CONFLICT"), (410, "GONE"),
        (422, "UNPROCESSABLE_ENTITY"), (429, "TOO_MANY_REQUESTS"), (500, "INTERNAL_SERVER_ERROR"),
        (502, "BAD_GATEWAY"), (503, "SERVICE_UNAVAILABLE"), (504, "GATEWAY_TIMEOUT"),
    ]

    private static let typescript = ProjectMigration(
        language: .typescript,
        makers: [
            { random in
                let (name, start, count) = three(&random)
                return ProjectSite(
                    "  return \(name).substr(\(start), \(count));",
                    "  return \(name).slice(\(start), \(start) + \(count));",
                    wrong: [
                        "  return \(name).slice(\(start), \(count));",
                        "  return \(name).slice(\(start), \(count) + \(count));",
                    ])
            },
            { random in
                let (name, value, _) = three(&random)
                return ProjectSite(
                    "  const \(name) = new Buffer(\(value), 'utf8');",
                    "  const \(name) = Buffer.from(\(value), 'utf8');",
                    wrong: [
                        "  const \(name) = Buffer.from(\(value), 'latin1');",
                        "  const \(name) = Buffer.alloc(\(value), 'utf8');",
                    ])
            },
            { random in
                let (object, key, value) = three(&random)
                return ProjectSite(
                    "  assert.deepEqual(\(object).\(key), \(value));", "  expect(\(object).\(key)).toEqual(\(value));",
                    wrong: [
                        "  expect(\(key).\(object)).toEqual(\(value));", "  expect(\(object).\(key)).toBeDefined();",
                        "  expect(\(value)).toEqual(\(object).\(key));",
                    ])
            },
        ], imports: (["import * as assert from 'assert';"], ["import { expect } from 'vitest';"]))

    private static let java = ProjectMigration(
        language: .java,
        makers: [
            { random in
                let (expected, object, method) = three(&random)
                return ProjectSite(
                    "        assertEquals(\(expected), \(object).\(method)());",
                    "        assertThat(\(object).\(method)()).isEqualTo(\(expected));",
                    wrong: [
                        "        assertThat(\(object).\(method)()).isNotNull();",
                        "        assertThat(\(method).\(object)()).isEqualTo(\(expected));",
                        "        assertThat(\(expected)).isEqualTo(\(object).\(method)());",
                    ])
            },
            { random in
                let (name, value, _) = three(&random)
                return ProjectSite(
                    "        Integer \(name) = new Integer(\(value));",
                    "        Integer \(name) = Integer.valueOf(\(value));",
                    wrong: ["        Integer \(name) = Integer.parseInt(\(value));"])
            },
            { random in
                let (text, value, other) = three(&random)
                return ProjectSite(
                    "        log.info(\"\(text) \" + \(value) + \" of \" + \(other));",
                    "        log.info(\"\(text) {} of {}\", \(value), \(other));",
                    wrong: ["        log.info(\"\(text) {} of {}\", \(other), \(value));"])
            },
        ],
        imports: (
            ["import static org.junit.Assert.assertEquals;"],
            ["import static org.assertj.core.api.Assertions.assertThat;"]
        ))

    private static let go = ProjectMigration(
        language: .go,
        makers: [
            { random in
                let (text, value, _) = three(&random)
                return ProjectSite(
                    "\t\treturn errors.Wrap(err, \"\(text) \(value)\")",
                    "\t\treturn fmt.Errorf(\"\(text) \(value): %w\", err)",
                    wrong: [
                        "\t\treturn fmt.Errorf(\"\(text) \(value): %v\", err)",
                        "\t\treturn fmt.Errorf(\"\(value) \(text): %w\", err)", "\t\treturn nil",
                    ])
            },
            { random in
                let (name, first, second) = three(&random)
                return ProjectSite(
                    "\t\(name) := client.Fetch(\(first), \(second))",
                    "\t\(name) := client.Fetch(ctx, \(first), \(second))",
                    wrong: [
                        "\t\(name) := client.Fetch(ctx, \(second), \(first))",
                        "\t\(name) := client.Fetch(context.Background(), \(first), \(second))",
                    ])
            },
            { random in
                let (name, value, _) = three(&random)
                return ProjectSite(
                    "\tvar \(name) map[string]interface{} = \(value)", "\tvar \(name) map[string]any = \(value)",
                    wrong: ["\tvar \(name) map[any]any = \(value)"])
            },
        ], imports: (["\t\"github.com/pkg/errors\""], ["\t\"fmt\""]))

    private static let c = ProjectMigration(
        language: .c,
        makers: [
            { random in
                let (from, to, count) = three(&random)
                return ProjectSite(
                    "    bcopy(\(from), \(to), \(count));", "    memmove(\(to), \(from), \(count));",
                    wrong: ["    memmove(\(from), \(to), \(count));", "    memmove(\(to), \(from), \(count) - 1);"])
            },
            { random in
                let (buffer, text, value) = three(&random)
                return ProjectSite(
                    "    sprintf(\(buffer), \"\(text)=%d\", \(value));",
                    "    snprintf(\(buffer), sizeof(\(buffer)), \"\(text)=%d\", \(value));",
                    wrong: [
                        "    snprintf(\(buffer), sizeof(\(value)), \"\(text)=%d\", \(value));",
                        "    snprintf(\(buffer), sizeof(\(buffer)), \"\(text)=%u\", \(value));",
                    ])
            },
            { random in
                let (name, count, type) = three(&random)
                return ProjectSite(
                    "    \(name) = malloc(\(count) * sizeof(\(type)));",
                    "    \(name) = calloc(\(count), sizeof(\(type)));",
                    wrong: [
                        "    \(name) = calloc(\(type), sizeof(\(count)));",
                        "    \(name) = calloc(\(count), sizeof(*\(type)));",
                    ])
            },
        ], imports: (["#include <strings.h>"], ["#include <string.h>"]))
}
