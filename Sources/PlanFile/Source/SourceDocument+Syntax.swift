import Yams

extension SourceDocument {
    /// Reports an error of the YAML parser.
    func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let place = Place(line: mark.line, column: mark.column)
            let doing = context.map { "\($0.text), started at line \($0.mark.line): " } ?? ""
            findings.error("not YAML: \(doing)\(problem)", at: place, hint: hint(for: problem, at: place))
        case .composer(_, let problem, let mark, _):
            let isSecond = problem.contains("another document")
            findings.error(
                isSecond ? "the file contains more than one document" : "not YAML: \(problem)",
                at: Place(line: mark.line, column: mark.column),
                hint: isSecond ? "remove the '---', or make two files" : nil)
        case .reader(let problem, _, _, _):
            findings.error("not YAML: \(problem)", at: .wholeFile)
        default:
            findings.error("not YAML: \(error)", at: .wholeFile)
        }
    }

    private func hint(for problem: String, at place: Place) -> String? {
        let found = lines[place]
        if problem.contains("cannot start any token") {
            return switch found {
            case "\t": "indent with spaces instead of the tab"
            case "@", "`", "%": "put quotes around a text that starts with '\(found.map(String.init) ?? "")'"
            default: nil
            }
        }
        if found == "\t" { return "indent with spaces instead of the tab" }
        if problem.contains("alphabetic or numeric character") {
            return "put quotes around a text that starts with '*' or '&'"
        }
        if problem.contains("mapping values are not allowed") {
            return "put quotes around a text that contains ': ', or check the indentation"
        }
        if problem.contains("unexpected end of stream") { return "a quote that starts here is never closed" }
        if problem.contains("expected key") || problem.contains("expected ':'") || problem.contains("expected '-'") {
            return "check the indentation and the quotes of this line and the one before it"
        }
        return nil
    }
}
