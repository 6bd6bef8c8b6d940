import ArgumentParser
import Foundation
import Model
import Web

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Show a run in a browser: overview, tasks, failures, graph and review.",
        discussion: """
            Prints an address with a token; without the token nothing is shown and no button works. Listens on this \
            machine only, unless --address says otherwise; the connection is not encrypted. Reads the store, so it can be \
            started and ended at any time, and several people can look. Buttons do what the verbs do. /metrics has the \
            figures of 'orchestrate metrics', for a client that sends the token as 'Authorization: Bearer'.
            """)

    @OptionGroup var choice: RunChoice

    @Option(name: .long, help: ArgumentHelp("The port; 0 takes a free one.", valueName: "number"))
    var port: UInt16 = 0

    @Option(name: .long, help: ArgumentHelp("The IPv4 address to listen on.", valueName: "address"))
    var address = "127.0.0.1"

    @Option(
        name: .long,
        help: ArgumentHelp("A name by which browsers reach this machine, beside localhost.", valueName: "host"))
    var name: String?

    @Flag(name: .long, help: "Show the run without buttons, and refuse commands.")
    var readOnly = false

    func run() async throws {
        let source = ServeSource(choice, try choice.choose())
        let port = try PageServer.port(at: address, wanted: port)
        let isLocal = address.hasPrefix("127.")
        let host = name ?? (isLocal || address == "0.0.0.0" ? nil : address)
        let access = PageAccess(port: port, host: host, token: PageAccess.newToken(), isReadOnly: readOnly)
        let server = try PageServer(at: .init(address: address, port: port), access: access, source: source)
        let serving = Task { try await server.run() }
        let signals = SignalListener { _ in serving.cancel() }
        defer { withExtendedLifetime(signals) {} }
        do {
            try await server.waitUntilListening()
        } catch {
            serving.cancel()
            throw Outcome(
                code: .cannotServe,
                message: "error: cannot listen on \(address), port \(port)\n  hint: choose another one with --port")
        }
        Terminal.print("http://\(host ?? "127.0.0.1"):\(port)/?token=\(access.token)")
        Terminal.say("open this address in a browser; Ctrl-C ends the page, not the run")
        // Cancelled by a signal, or ended with the listening socket.
        _ = await serving.result
    }
}
