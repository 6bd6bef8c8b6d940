import Synchronization

/// Work before a run starts, which a person can stop.
final class Preparation: Sendable {
    private struct State {
        var isStopped = false
        var end: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let work = Task {
            try Task.checkCancellation()
            return try await body()
        }
        let isStopped = state.withLock { state in
            state.end = { work.cancel() }
            return state.isStopped
        }
        if isStopped { work.cancel() }
        defer { state.withLock { $0.end = nil } }
        return try await work.value
    }

    func stop() {
        let end = state.withLock { state in
            state.isStopped = true
            return state.end
        }
        end?()
    }
}
