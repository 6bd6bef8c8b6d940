import Foundation
import Jobs
import Model

/// The way to the program on a machine: a command that carries its standard input and output.
protocol Transport: Sendable {
    /// Returns the command that runs the program there with arguments.
    func command(_ arguments: [String]) -> [String]
    /// Returns why a command failed if the way was at fault; nil if the program there was.
    func fault(_ outcome: ProcessOutcome, saying text: String) -> String?
}

/// This machine.
struct LocalTransport: Transport {
    let program: String

    func command(_ arguments: [String]) -> [String] { [program] + arguments }

    func fault(_ outcome: ProcessOutcome, saying text: String) -> String? {
        switch outcome.ending {
        case .exited: nil
        default: "\(outcome.ending)"
        }
    }
}

/// A machine that is reached by SSH.
struct SSHTransport: Transport {
    let host: String
    let program: String
    let options: [String]

    /// The status with which `ssh` itself fails.
    private static let ownStatus: Int32 = 255

    private var common: [String] {
        [
            "ssh", "-S", "none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=15", "-o",
            "ServerAliveCountMax=3", "-o", "ForwardAgent=no", "-o", "ClearAllForwardings=yes", "-T",
        ] + options
    }

    func command(_ arguments: [String]) -> [String] { shell(remote(arguments)) }

    /// Returns the command that runs a text in the shell there.
    func shell(_ script: String) -> [String] { common + ["--", host, script] }

    /// The command for the shell there.
    private func remote(_ arguments: [String]) -> String {
        ([Self.word(program)] + arguments.map(Self.word)).joined(separator: " ")
    }

    /// Quotes a word for a shell; `~/` at its beginning stays the home folder.
    static func word(_ text: String) -> String {
        func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
        return text.hasPrefix("~/") ? "\"$HOME\"/\(quoted(String(text.dropFirst(2))))" : quoted(text)
    }

    func fault(_ outcome: ProcessOutcome, saying text: String) -> String? {
        switch outcome.ending {
        case .exited(Self.ownStatus): text.isEmpty ? "ssh failed" : text
        case .exited: nil
        case .timedOut: "no answer in time"
        default: "\(outcome.ending)"
        }
    }
}
