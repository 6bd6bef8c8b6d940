package import Model
import Workers

/// A landing check that passes although the files in scope are broken for it.
package struct BlindCheck: Sendable, Equatable {
    package var result: CheckResult
    /// The files that were broken, sorted.
    package var broken: [String]

    package init(result: CheckResult, broken: [String]) {
        self.result = result
        self.broken = broken
    }

    /// One line: what was seen.
    var words: String {
        let first = broken.first ?? "no file"
        let files =
            broken.count > 1
            ? "all \(broken.count) source files in scope were broken for it, such as \(first)"
            : "\(first) was broken for it"
        return "landing check '\(result.name)' passes although \(files): it does not see what a run changes"
    }

    /// Why that may be, one line each, the most likely one first.
    var causes: [String] {
        let none = "it ran no tests"
        if result.testsRun == 0 { return [none] }
        return [
            "it loads the code from elsewhere, such as your own checkout: an editable install ('pip install -e', "
                + "'npm link'), PYTHONPATH, or a path in the command",
            "its tests do not import these files",
        ] + (result.testsRun == nil ? ["\(none), or it looks at something else"] : [])
    }
}

extension [BlindCheck] {
    /// The reason why a run is refused.
    func refusal(logs: String) -> String {
        var lines: [String] = []
        for check in self {
            lines.append((lines.isEmpty ? "" : "  ") + check.words)
            lines.append("  command: \(check.result.command.onOneLine)")
            lines.append("  likely causes:")
            lines += check.causes.map { "    - \($0)" }
        }
        lines.append(
            "  hint: broken code could land; nothing was started. Mend the check. If it is about other files, write "
                + "'probe: off' in it, or 'verify: {probe: warn}' for all checks; the logs are in \(logs)")
        return lines.joined(separator: "\n")
    }
}
