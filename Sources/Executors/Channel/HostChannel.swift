import Foundation
import Jobs
import Model
import Synchronization

/// The connection to the program on one machine: a process, such as `ssh`, that carries all requests and answers.
///
/// It is made for the first request, and again for the first one after it broke. A request whose connection breaks has
/// failed, and its caller may repeat it.
final class HostChannel: Sendable {
    /// Its name, for messages.
    let machine: String
    /// Version of this program. Another one there is refused.
    let version: String
    private let transport: any Transport
    /// Runs the commands of transports; its processes end with this program.
    private let runner: ProcessRunner
    private let environment: [String: String]
    private let refusal: String

    private typealias Answer = Result<FileHandle, ExecutorFault>

    private struct Pending {
        var waiter: CheckedContinuation<Answer, Never>?
        var asked: ContinuousClock.Instant
        var patience: Duration
    }

    private struct Connection {
        let link: ParcelLink
        /// Runs the process of the connection.
        var process: Task<Void, Never>?
        var isGreeted = false
        /// Set when the connection cannot be used.
        var fault: ExecutorFault?
        var heard = ContinuousClock.now
        var pending: [ParcelLink.Number: Pending] = [:]
    }

    private struct State {
        /// The last one is the present one. Those before it are about to end.
        var connections: [Int: Connection] = [:]
        var present: Int?
        var made = 0
        var asked: ParcelLink.Number = 0
        var isClosed = false
        /// Ends requests whose time is over, while there are any.
        var watch: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// - Parameter hint: says what to do about another version there.
    init(
        _ transport: any Transport, machine: String, version: String, hint: String, runner: ProcessRunner,
        environment: [String: String]
    ) {
        self.transport = transport
        self.machine = machine
        self.version = version
        refusal = hint
        self.runner = runner
        self.environment = environment
    }

    // MARK: Asking

    /// Sends a request and waits for the answer.
    ///
    /// - Parameters:
    ///   - request: its parcel.
    ///   - patience: seconds.
    func ask(_ request: FileHandle, patience: Double) async throws(ExecutorFault) -> FileHandle {
        let (index, number) = try register(patience: .seconds(patience))
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let link = state.withLock { state -> ParcelLink? in
                    // A fault may have come before.
                    guard state.connections[index]?.pending[number] != nil else { return nil }
                    state.connections[index]?.pending[number]?.waiter = continuation
                    return state.connections[index]?.link
                }
                guard let link else { return continuation.resume(returning: .failure(fault(of: index))) }
                link.send(number, request)
            }
        } onCancel: {
            end(number, of: index, with: .failure(unreachable("cancelled")))
        }
        return try answer.get()
    }

    private func unreachable(_ detail: String) -> ExecutorFault { .unreachable(machine: machine, detail: detail) }

    private func fault(of index: Int) -> ExecutorFault {
        if Task.isCancelled { return unreachable("cancelled") }
        return state.withLock { $0.connections[index]?.fault } ?? unreachable("the connection broke")
    }

    /// Registers a request that waits for its answer. Connects first if nothing is connected.
    private func register(patience: Duration) throws(ExecutorFault) -> (index: Int, number: ParcelLink.Number) {
        let made = state.withLock { state -> Result<(Int, ParcelLink.Number), ExecutorFault> in
            if state.isClosed { return .failure(unreachable("the connection was closed")) }
            if state.present == nil, let fault = connect(&state) { return .failure(fault) }
            guard let index = state.present else { return .failure(unreachable("no connection")) }
            state.asked &+= 1
            state.connections[index]?.pending[state.asked] = Pending(asked: .now, patience: patience)
            if state.watch == nil { state.watch = Task { await self.watch() } }
            return .success((index, state.asked))
        }
        return try made.get()
    }

    private func end(_ number: ParcelLink.Number, of index: Int, with answer: Answer) {
        let pending = state.withLock { $0.connections[index]?.pending.removeValue(forKey: number) }
        pending?.waiter?.resume(returning: answer)
    }

    /// Ends requests that have waited for too long, until none is left.
    private func watch() async {
        while true {
            try? await Task.sleep(for: .milliseconds(500))
            let now = ContinuousClock.now
            let late = state.withLock { state -> [(Int, ParcelLink.Number, isSilent: Bool)]? in
                let open = state.connections.flatMap { entry in
                    entry.value.pending.map { (entry.key, $0.key, $0.value) }
                }
                if open.isEmpty {
                    state.watch = nil
                    return nil
                }
                return open.filter { now - $0.2.asked > $0.2.patience }.map { index, number, pending in
                    (index, number, (state.connections[index]?.heard ?? now) < pending.asked)
                }
            }
            guard let late else { return }
            for (index, number, isSilent) in late {
                end(number, of: index, with: .failure(unreachable("no answer in time")))
                // Nothing at all came meanwhile: another connection may do better.
                if isSilent { abandon(index) }
            }
        }
    }

    // MARK: The connection

    private func connect(_ state: inout State) -> ExecutorFault? {
        state.made += 1
        let index = state.made
        var ends: [Int32] = [-1, -1]
        #if os(Linux)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            return .refused(machine: machine, reason: "no socket: \(String(cString: strerror(errno)))")
        }
        #if !os(Linux)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #endif
        let link = ParcelLink(
            from: ends[0], to: ends[0], owns: true,
            .init(
                greeted: { self.greeted($0, index) },
                heard: { self.state.withLock { $0.connections[index]?.heard = .now } },
                received: { number, file in
                    self.end(
                        number, of: index,
                        with: file.map { .success($0) }
                            ?? .failure(.refused(machine: self.machine, reason: "no room here for the answer")))
                },
                ended: { self.abandon(index) }))
        var connection = Connection(link: link)
        let other = ends[1]
        connection.process = Task { await self.run(index, over: other) }
        state.connections[index] = connection
        state.present = index
        link.start(greeting: nil)
        return nil
    }

    private func greeted(_ words: String, _ index: Int) {
        state.withLock { $0.connections[index]?.isGreeted = true }
        guard words != version else { return }
        let reason = "orchestrate is \(words) there and \(version) here; \(refusal)"
        fail(index, .refused(machine: machine, reason: reason))
        abandon(index)
    }

    /// Seconds for a process to end by itself once its connection is closed.
    private static let grace: Double = 20

    /// Runs the process of a connection to its end.
    private func run(_ index: Int, over descriptor: Int32) async {
        let errors = FileManager.default.temporaryDirectory.path + "/orchestrate-errors-\(UUID().uuidString)"
        defer {
            unlink(errors)
            Foundation.close(descriptor)
        }
        let outcome = await runner.run(
            ProcessRequest(
                command: .arguments(transport.command(["job", "host"])), directory: "/", environment: environment,
                input: .open(descriptor), output: .open(descriptor, error: errors), grace: 1))
        let said = Self.lastLine(of: errors)
        let isGreeted = state.withLock { $0.connections[index]?.isGreeted ?? true }
        if let detail = transport.fault(outcome, saying: said) {
            fail(index, unreachable(detail))
        } else if isGreeted {
            fail(index, unreachable("the connection ended" + (said.isEmpty ? "" : ": \(said)")))
        } else if outcome.succeeded {
            fail(index, unreachable("no answer, or one of another program"))
        } else {
            fail(index, .refused(machine: machine, reason: Self.reason(outcome, said)))
        }
        let link = state.withLock { state in
            if state.present == index { state.present = nil }
            return state.connections.removeValue(forKey: index)?.link
        }
        link?.close(atOnce: true)
    }

    /// Ends all requests of a connection.
    private func fail(_ index: Int, _ fault: ExecutorFault) {
        let pending = state.withLock { state in
            if state.present == index { state.present = nil }
            if state.connections[index]?.fault == nil { state.connections[index]?.fault = fault }
            defer { state.connections[index]?.pending = [:] }
            return state.connections[index]?.pending ?? [:]
        }
        for request in pending.values { request.waiter?.resume(returning: .failure(fault)) }
    }

    /// Uses a connection for no further request. Its process ends because its input does, or is ended.
    private func abandon(_ index: Int) {
        let connection = state.withLock { state -> Connection? in
            if state.present == index { state.present = nil }
            return state.connections[index]
        }
        guard let connection else { return }
        connection.link.close()
        Task {
            try? await Task.sleep(for: .seconds(Self.grace))
            connection.process?.cancel()
        }
    }

    /// Ends the connection, and returns when its process has ended.
    func close() async {
        let connections = state.withLock { state in
            state.isClosed = true
            return Array(state.connections.values)
        }
        await withDiscardingTaskGroup { group in
            for connection in connections {
                connection.link.close()
                group.addTask { await connection.process?.value }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(Self.grace))
                if !Task.isCancelled { connections.forEach { $0.process?.cancel() } }
            }
            for connection in connections { await connection.process?.value }
            group.cancelAll()
        }
    }

    // MARK: Words

    private static func lastLine(of path: String) -> String {
        let bytes = (try? UntrustedFile.read(path, limit: 1 << 20)) ?? []
        let lines = OutsideText.lines(String(decoding: bytes, as: UTF8.self)).split(separator: "\n")
        return String((lines.last ?? "").prefix(300))
    }

    private static func reason(_ outcome: ProcessOutcome, _ said: String) -> String {
        switch outcome.status {
        case 126, 127:
            "the program is not there; 'orchestrate executors install' brings it"
        default: "the program failed (\(outcome.ending))" + (said.isEmpty ? "" : ": \(said)")
        }
    }
}
