/// How a language writes what the samples need.
struct SampleLanguage: Sendable {
    var name: String
    var comment: String
    /// After a statement.
    var end: String
    var isIndented: Bool

    static let python = SampleLanguage(name: "py", comment: "#", end: "", isIndented: true)
    static let typescript = SampleLanguage(name: "ts", comment: "//", end: ";", isIndented: false)
    static let java = SampleLanguage(name: "java", comment: "//", end: ";", isIndented: false)
    static let c = SampleLanguage(name: "c", comment: "//", end: ";", isIndented: false)
    static let go = SampleLanguage(name: "go", comment: "//", end: "", isIndented: false)

    func condition(_ test: String) -> String { isIndented ? "    if \(test):" : "    if (\(test)) {" }

    /// The lines, with every exception ignored.
    func swallowing(_ lines: [String]) -> [String] {
        let inner = lines.map { "    \($0)" }
        return isIndented
            ? ["    try:"] + inner + ["    except Exception:", "        pass"]
            : ["    try {"] + inner + ["    } catch (Exception e) {", "    }"]
    }
}

/// A migration, as far as a sample needs it.
struct Migration: Sendable {
    /// One place that is changed.
    struct Site {
        var old: String
        var new: String
        /// The new line with another API.
        var other: String
    }

    var name: String
    var language: SampleLanguage
    var oldImports: @Sendable (inout SampleGenerator) -> [String]
    var newImports: [String]
    var site: @Sendable (inout SampleGenerator) -> Site

    static let all = [generics, optionals, six, moments, assertions, files, copies, timeouts, formats]

    private static let generics = Migration(
        name: "generics", language: .python,
        oldImports: { random in
            let names = ["Dict", "List", "Set"].filter { _ in Bool.random(using: &random) }
            return ["from typing import \((names + ["Tuple"]).joined(separator: ", "))"]
        }, newImports: [],
        site: { random in
            let kind = ["Dict[str, ", "List[", "Set["].randomElement(using: &random) ?? "List["
            let (function, name, type) = (
                SampleNames.function(&random), SampleNames.variable(&random), SampleNames.type(&random)
            )
            func line(_ kind: String) -> String { "def \(function)(\(name): \(kind)\(type)]) -> int:" }
            return Site(
                old: line(kind), new: line(kind.lowercased().replacing("Str", with: "str")), other: line("deque["))
        })

    private static let optionals = Migration(
        name: "optionals", language: .python, oldImports: { _ in ["from typing import Optional"] }, newImports: [],
        site: { random in
            let (name, type) = (SampleNames.variable(&random), SampleNames.type(&random))
            return Site(
                old: "    \(name): Optional[\(type)] = None", new: "    \(name): \(type) | None = None",
                other: "    \(name): \(type) | Any = None")
        })

    private static let six = Migration(
        name: "six", language: .python, oldImports: { _ in ["import six"] }, newImports: [],
        site: { random in
            let (key, map) = (SampleNames.variable(&random), SampleNames.expression(&random))
            let method = ["items", "keys", "values"].randomElement(using: &random) ?? "items"
            return Site(
                old: "    for \(key) in six.iter\(method)(\(map)):", new: "    for \(key) in \(map).\(method)():",
                other: "    for \(key) in \(map).copy():")
        })

    private static let moments = Migration(
        name: "moments", language: .typescript, oldImports: { _ in ["import moment from 'moment';"] },
        newImports: ["import { format } from 'date-fns';"],
        site: { random in
            let (name, date) = (SampleNames.variable(&random), SampleNames.expression(&random))
            let pattern = ["'yyyy'", "'dd.MM.'", "'HH:mm'"].randomElement(using: &random) ?? "'yyyy'"
            return Site(
                old: "    const \(name) = moment(\(date)).format(\(pattern));",
                new: "    const \(name) = format(\(date), \(pattern));",
                other: "    const \(name) = formatRelative(\(date), \(pattern));")
        })

    private static let assertions = Migration(
        name: "assertions", language: .java, oldImports: { _ in ["import static org.junit.Assert.assertEquals;"] },
        newImports: ["import static org.assertj.core.api.Assertions.assertThat;"],
        site: { random in
            let (expected, actual) = (SampleNames.variable(&random), SampleNames.expression(&random))
            return Site(
                old: "    assertEquals(\(expected), \(actual));",
                new: "    assertThat(\(actual)).isEqualTo(\(expected));",
                other: "    assertThat(\(actual)).isSameAs(\(expected));")
        })

    private static let files = Migration(
        name: "files", language: .go, oldImports: { _ in ["\t\"io/ioutil\""] }, newImports: ["\t\"os\""],
        site: { random in
            let (data, path) = (SampleNames.variable(&random), SampleNames.expression(&random))
            let call = ["ReadFile", "WriteFile"].randomElement(using: &random) ?? "ReadFile"
            return Site(
                old: "    \(data), err := ioutil.\(call)(\(path))", new: "    \(data), err := os.\(call)(\(path))",
                other: "    \(data), err := os.Open(\(path))")
        })

    private static let copies = Migration(
        name: "copies", language: .c, oldImports: { _ in [] }, newImports: ["#include \"strings_safe.h\""],
        site: { random in
            let (to, from) = (SampleNames.variable(&random), SampleNames.expression(&random))
            return Site(
                old: "    strcpy(\(to), \(from));", new: "    strlcpy(\(to), \(from), sizeof(\(to)));",
                other: "    strlcat(\(to), \(from), sizeof(\(to)));")
        })

    private static let timeouts = Migration(
        name: "timeouts", language: .typescript, oldImports: { _ in ["import { wait } from './wait';"] },
        newImports: ["import { waitMillis } from './wait';"],
        site: { random in
            let (name, seconds) = (SampleNames.variable(&random), Int.random(in: 1...90, using: &random))
            return Site(
                old: "    await wait(\(name), \(seconds));", new: "    await waitMillis(\(name), \(seconds)000);",
                other: "    await waitMicros(\(name), \(seconds)000);")
        })

    private static let formats = Migration(
        name: "formats", language: .python, oldImports: { _ in [] }, newImports: [],
        site: { random in
            let (text, value) = (SampleNames.words(&random), SampleNames.variable(&random))
            return Site(
                old: "    print(\"\(text): %s\" % \(value))", new: "    print(f\"\(text): {\(value)}\")",
                other: "    log(f\"\(text): {\(value)}\")")
        })
}
