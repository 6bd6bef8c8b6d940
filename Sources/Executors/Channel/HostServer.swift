package import Foundation
import Jobs
import Synchronization

/// The answers of a machine to the requests of one coordinator, for as long as their connection lasts.
package final class HostServer: Sendable {
    private struct State {
        var waiting: [(number: ParcelLink.Number, request: FileHandle?)] = []
        var running = 0
        var hasEnded = false
        var end: CheckedContinuation<Void, Never>?
    }

    private let host: JobHost
    private let state = Mutex(State())
    /// One thread for each request. A request blocks its thread while it waits for a lock. If the request that holds the
    /// lock had to wait for a free thread, both would wait for ever.
    private let threads = ThreadExecutor("requests", threads: HostServer.most)
    private let link = Mutex<ParcelLink?>(nil)

    /// Requests that are carried out at the same time. The next ones wait.
    private static let most = 128

    package init(_ host: JobHost) { self.host = host }

    /// Answers until the connection ends, and finishes what it has begun.
    package func serve(from input: FileHandle, to output: FileHandle) async {
        let link = ParcelLink(
            from: input.fileDescriptor, to: output.fileDescriptor, owns: false,
            .init(
                received: { [self] number, request in
                    state.withLock { $0.waiting.append((number, request)) }
                    startNext()
                },
                ended: { [self] in
                    // Nobody waits for the answers to what has not begun.
                    state.withLock { ($0.hasEnded, $0.waiting) = (true, []) }
                    finish()
                }))
        self.link.withLock { $0 = link }
        link.start(greeting: host.version)
        await withCheckedContinuation { continuation in
            state.withLock { $0.end = continuation }
            finish()
        }
    }

    private func startNext() {
        let next = state.withLock { state -> (number: ParcelLink.Number, request: FileHandle?)? in
            guard state.running < Self.most, !state.waiting.isEmpty else { return nil }
            state.running += 1
            return state.waiting.removeFirst()
        }
        guard let next else { return }
        Task(executorPreference: threads) { await self.answer(next.number, next.request) }
    }

    private func answer(_ number: ParcelLink.Number, _ request: FileHandle?) async {
        let answer = await host.answer(to: request)
        if let answer { link.withLock { $0 }?.send(number, answer) }
        state.withLock { $0.running -= 1 }
        startNext()
        finish()
    }

    private func finish() {
        let end = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.hasEnded, state.running == 0 else { return nil }
            defer { state.end = nil }
            return state.end
        }
        end?.resume()
    }
}
