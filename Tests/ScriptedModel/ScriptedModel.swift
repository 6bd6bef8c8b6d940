import FlyingFox
import FlyingSocks
import Foundation

/// A model provider on loopback that answers by a script; see README.md beside this file.
@main
enum ScriptedModel {
    static let usage = "usage: scripted-model --script FILE [--port N] [--ledger FILE] [--requests FOLDER]"

    static func main() async {
        do {
            try await serve(CommandLine.arguments.dropFirst())
        } catch {
            FileHandle.standardError.write(Data("scripted-model: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func serve(_ arguments: ArraySlice<String>) async throws {
        var options: [String: String] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            guard ["--script", "--port", "--ledger", "--requests"].contains(name), let value = rest.popFirst() else {
                throw Refusal(text: usage)
            }
            options[name] = value
        }
        guard let path = options["--script"], let port = UInt16(options["--port"] ?? "0") else {
            throw Refusal(text: usage)
        }
        let script = try Script.load(path)
        if let folder = options["--requests"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let server = HTTPServer(
            config: .init(
                address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: 3600, logger: .disabled),
            handler: ModelServer(
                book: try RuleBook(script), ledger: try Ledger(path: options["--ledger"], prices: script.prices),
                cache: script.cache == true ? PromptCache() : nil, requests: options["--requests"]))
        let serving = Task { try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port) = await server.listeningAddress else { throw Refusal(text: "no address") }
        print(port)
        fflush(nil)
        try await serving.value
    }

    struct Refusal: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }
}
