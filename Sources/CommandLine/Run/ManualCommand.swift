import ArgumentParser
import Foundation

/// Prints the manual page; `scripts/install` calls it.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page in the format of man.", shouldDisplay: false)

    func run() throws { Terminal.write(ManualPage().text, to: 1) }
}

/// The manual page, made of the help texts of all commands.
struct ManualPage {
    private static let width = 90

    var text: String {
        let root = OrchestrateCommand.configuration
        var lines = [
            ".TH ORCHESTRATE 1 \"\" \"orchestrate \(Self.escaped(Version.current))\"", ".SH NAME",
            "orchestrate \\- \(Self.escaped(root.abstract))", ".SH DESCRIPTION", Self.escaped(root.discussion),
            ".SH COMMANDS",
        ]
        for command in root.subcommands { lines += section(command, below: "orchestrate") }
        lines += [
            ".SH FILES", ".TP", "\\&.orchestrate/", "Plans of a repository, and workers of one's own.", ".TP",
            "~/.local/state/orchestrate/", "State of runs; XDG_STATE_HOME names another folder.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ command: any ParsableCommand.Type, below parent: String) -> [String] {
        guard command.configuration.shouldDisplay else { return [] }
        let name = "\(parent) \(command._commandName)"
        let help = OrchestrateCommand.helpMessage(for: command, columns: Self.width)
        let own = [".SS \(Self.escaped(name))", ".nf", Self.escaped(help), ".fi"]
        return own + command.configuration.subcommands.flatMap { section($0, below: name) }
    }

    /// Escapes backslashes, hyphens, and points and quotes at the start of a line.
    private static func escaped(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let plain = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&\(plain)" : plain
        }.joined(separator: "\n")
    }
}
