import ArgumentParser
import PlanFile

/// A word in the place of a verb that is not one.
///
/// It is refused before the arguments are parsed: with `--help` among them, the parser would print the help of the whole
/// program and report success.
struct UnknownVerb: Equatable {
    var word: String
    /// The words before it: `orchestrate`, or `orchestrate plan`.
    var command: String
    var suggestion: String?

    /// - Parameter arguments: those of the program, without its name.
    /// - Returns: nil if the arguments start with a verb, or with an option.
    init?(in arguments: [String]) {
        var words = arguments.drop { ["-h", "-help", "--help", "help"].contains($0) }
        var command: any ParsableCommand.Type = OrchestrateCommand.self
        var names = ["orchestrate"]
        while let word = words.first, !word.hasPrefix("-") {
            let configuration = command.configuration
            guard !configuration.subcommands.isEmpty else { return nil }
            let verbs = configuration.subcommands.map { ($0._commandName, $0) }
            if let (name, next) = verbs.first(where: { $0.0 == word }) {
                names.append(name)
                command = next
                words = words.dropFirst()
                continue
            }
            self.word = word
            self.command = names.joined(separator: " ")
            suggestion = Suggestion.closest(to: word, among: verbs.map(\.0))
            return
        }
        return nil
    }

    var outcome: Outcome {
        let shown = word.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } ? word : "…"
        let hint = suggestion.map { "did you mean '\(command) \($0)'?" } ?? "'\(command) --help' lists the commands"
        return Outcome(code: .usage, message: "error: '\(shown)' is not a command of \(command)\n  hint: \(hint)")
    }
}
