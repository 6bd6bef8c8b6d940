import Foundation

/// A server with the part of the Kubernetes API that executors need, for the real `kubectl`.
///
/// It is `Tests/LoopbackKubernetes/server.py`. Containers are processes of this machine, and nodes are names.
package final class LoopbackKubernetes: Sendable {
    private static let folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    private static func program(_ name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Whether there is a `kubectl`. Containers are watched in a way that only Linux has.
    package static let isAvailable: Bool = {
        #if os(Linux)
        program("kubectl") != nil && program("python3") != nil
        #else
        false
        #endif
    }()

    package struct State: Decodable, Sendable {
        package struct Pod: Decodable, Sendable {
            package var name: String
            package var node: String
            package var phase: String
        }

        package struct Counts: Decodable, Sendable {
            package var lists: Int
            package var execs: Int
            package var mostAtOnce: Int
            package var creates: Int

            private enum CodingKeys: String, CodingKey {
                case lists, execs, creates
                case mostAtOnce = "most_at_once"
            }
        }

        package var jobs: Int
        /// Jobs since the beginning.
        package var created: Int
        package var pods: [Pod]
        /// Containers that run.
        package var processes: Int
        package var counts: Counts
    }

    struct NotReady: Error {}

    private let folder: String
    private let process: Process

    /// - Parameters:
    ///   - directory: volumes may be mounted below it.
    ///   - nodes: their names.
    ///   - cores: of each node.
    ///   - speed: how much sooner than in a real cluster a silent node counts as gone.
    package init(
        in directory: ScratchDirectory, nodes: [String] = ["n1", "n2", "n3"], cores: Int = 32, speed: Double = 40
    ) throws {
        folder = try directory.makeDirectory("kubernetes-\(UUID().uuidString.prefix(8))")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("LoopbackKubernetes/server.py").path
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program("python3") ?? "/usr/bin/python3")
        process.arguments = [
            "-B", script, folder, "--roots", directory.path, "--nodes", nodes.joined(separator: ","), "--cpu",
            "\(cores)", "--memory", "64G", "--speed", "\(speed)",
        ]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        try "".write(toFile: "\(folder)/said", atomically: false, encoding: .utf8)
        let said = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/said"))
        process.standardOutput = said
        process.standardError = said
        try process.run()
        let deadline = Date(timeIntervalSinceNow: 60)
        while !words.contains("ready") {
            guard Date() < deadline, process.isRunning else { throw NotReady() }
            usleep(20_000)
        }
    }

    /// What the server printed.
    package var words: String { (try? String(contentsOfFile: "\(folder)/said", encoding: .utf8)) ?? "" }

    deinit { end() }

    /// Ends the server and all containers.
    package func end() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGTERM)
        let deadline = Date(timeIntervalSinceNow: 20)
        while process.isRunning, Date() < deadline { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// What programs need to find the cluster.
    package var environment: [String: String] { ["KUBECONFIG": "\(folder)/kubeconfig"] }

    /// Runs `kubectl`.
    @discardableResult
    package func kubectl(_ arguments: String..., input: String = "") throws -> String {
        let result = try run(
            Self.program("kubectl") ?? "kubectl", arguments, in: folder,
            environment: environment.merging(["HOME": folder, "PATH": "/usr/bin:/bin"]) { $1 },
            input: Array(input.utf8),
            limit: 60)
        guard result.status == 0 else { throw ScratchProcessFailure(command: ["kubectl"] + arguments, result: result) }
        return result.text
    }

    /// Does something to the cluster, such as `nodes/n1/kill`, with a JSON value where it needs one.
    package func make(_ what: String, _ value: String = "null") throws {
        try kubectl("create", "--raw", "/test/\(what)", "--filename", "-", input: value)
    }

    package func state() throws -> State {
        try JSONDecoder().decode(State.self, from: Data(kubectl("get", "--raw", "/test/state").utf8))
    }
}
