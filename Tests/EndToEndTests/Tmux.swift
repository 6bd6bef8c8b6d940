import Foundation
import TestSupport

/// A terminal multiplexer of a test's own, in which programs run as in a person's terminal.
final class Tmux: Sendable {
    private let shop: Workshop
    private let socket: String
    static let path = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    init(_ shop: Workshop) {
        self.shop = shop
        socket = shop.directory.appending("tmux")
    }

    deinit { _ = try? command("kill-server") }

    @discardableResult
    func command(_ arguments: String...) throws -> String {
        var environment = shop.environment
        environment["TERM"] = "xterm-256color"
        environment["COLUMNS"] = nil
        environment["SHELL"] = "/bin/sh"
        return try run(
            Self.path ?? "tmux", ["-u", "-f", "/dev/null", "-S", socket] + arguments, in: shop.repository.path,
            environment: environment, input: [], limit: 60
        ).text
    }

    /// Opens a terminal of this size with a shell in it.
    func open(_ name: String, width: Int, height: Int) throws {
        try command(
            "new-session", "-d", "-s", name, "-x", "\(width)", "-y", "\(height)", "-c", shop.repository.path,
            "exec env PS1='prompt$ ' /bin/sh")
    }

    /// Types keys, by the names of tmux; other words are typed as they are.
    func type(_ name: String, _ keys: String...) throws { try type(name, keys) }

    func type(_ name: String, _ keys: [String]) throws {
        for key in keys { try command("send-keys", "-t", name, key) }
    }

    func screen(_ name: String) -> String { (try? command("capture-pane", "-p", "-t", name)) ?? "" }

    func format(_ name: String, _ format: String) -> String {
        ((try? command("display-message", "-p", "-t", name, format)) ?? "").trimmingCharacters(in: .newlines)
    }

    /// The program that the shell of a terminal has started.
    func program(in name: String) -> pid_t? {
        let shell = format(name, "#{pane_pid}")
        let children = try? run(
            "/bin/ps", ["-o", "pid=,comm=", "--ppid", shell], in: "/", environment: shop.environment, input: []
        ).text
        let line = children?.split(separator: "\n").first { $0.contains("orchestrate") }
        return line?.split(separator: " ").first.flatMap { pid_t($0) }
    }
}
