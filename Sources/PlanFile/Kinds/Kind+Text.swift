import Model

extension Kind where Value == String {
    /// Any text that is not blank. A plain number or `true` counts as text, so that `run: true` is a command.
    static func text(_ word: String, check: (@Sendable (String) -> TextProblem?)? = nil) -> Kind {
        Kind(word: word) { _ in
            ["type": ["string", "number", "boolean"]]
        } read: { node, context in
            guard let text = written(node, context, word: word) else { return nil }
            if let problem = check?(text) {
                let place = context.findings.place(in: node, offset: problem.offset)
                context.findings.error("'\(context.path)': \(problem.message)", at: place, hint: problem.hint)
                return nil
            }
            return text
        }
    }

    /// A pattern over paths.
    static let glob = Kind(word: "a glob") { _ in
        ["type": "string", "minLength": 1]
    } read: { node, context in
        guard let text = written(node, context, word: "a glob") else { return nil }
        do throws(GlobError) {
            _ = try Glob(text)
            return text
        } catch {
            let place = context.findings.place(in: node, offset: error.position)
            context.findings.error(
                "bad glob '\(SourceNode.shortened(text))': \(error.message)", at: place, hint: error.hint)
            return nil
        }
    }

    /// A shell command that may contain only some placeholders.
    static func command(_ allowed: [CommandTemplate.Placeholder], why: String) -> Kind {
        Kind(word: "a shell command") { _ in
            ["type": ["string", "boolean"]]
        } read: { node, context in
            guard let text = written(node, context, word: "a shell command") else { return nil }
            do throws(CommandTemplateError) {
                let template = try CommandTemplate(text)
                for placeholder in CommandTemplate.Placeholder.allCases
                where template.placeholders.contains(placeholder) && !allowed.contains(placeholder) {
                    let name = "{\(placeholder.rawValue)}"
                    let scalars = text.unicodeScalars
                    let offset = text.range(of: name).map { scalars.distance(from: scalars.startIndex, to: $0) }
                    context.findings.error(
                        "\(name) is not available in '\(context.path)'",
                        at: context.findings.place(in: node, offset: offset ?? 0), hint: why)
                }
                return text
            } catch {
                for problem in error.problems where !context.findings.isFull {
                    let place = context.findings.place(in: node, offset: problem.position)
                    context.findings.error(problem.message, at: place, hint: problem.hint)
                }
                return nil
            }
        }
    }

    private static func written(_ node: SourceNode, _ context: ReadingContext, word: String) -> String? {
        guard case .scalar(let scalar) = node.content, !node.isNull else {
            context.expected(word, at: node)
            return nil
        }
        guard !scalar.text.unicodeScalars.contains("\0") else {
            context.findings.error("'\(context.path)': a text cannot contain a zero byte", at: node.place)
            return nil
        }
        guard !scalar.text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
            context.findings.error("'\(context.path)': expected \(word), found only spaces", at: node.place)
            return nil
        }
        return scalar.text
    }
}

/// A problem found in a text.
struct TextProblem {
    /// In Unicode scalars.
    var offset = 0
    var message: String
    var hint: String?
}

extension String {
    fileprivate func range(of part: String) -> String.Index? {
        indices.first { self[$0...].hasPrefix(part) }
    }
}
