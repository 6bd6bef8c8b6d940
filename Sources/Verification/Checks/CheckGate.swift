/// Lets checks run concurrently, and an exclusive check alone.
///
/// First come, first served: a check that arrives after a waiting exclusive one waits too, so that the exclusive one is
/// not starved.
package actor CheckGate {
    private struct Waiter {
        let id: Int
        let exclusive: Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private var running = 0
    private var exclusiveRuns = false
    private var waiting: [Waiter] = []
    private var nextID = 0

    package init() {}

    /// Number of checks that wait for their turn.
    var waitingCount: Int { waiting.count }

    /// Runs `body` when it is its turn.
    ///
    /// - Returns: nil if the calling task was cancelled before `body` started.
    package nonisolated func run<Result: Sendable>(
        exclusive: Bool, _ body: @Sendable () async -> Result
    ) async -> Result? {
        guard await enter(exclusive: exclusive) else { return nil }
        let result = await body()
        await leave()
        return result
    }

    private func enter(exclusive: Bool) async -> Bool {
        if Task.isCancelled { return false }
        if waiting.isEmpty, mayStart(exclusive: exclusive) {
            start(exclusive: exclusive)
            return true
        }
        nextID += 1
        let id = nextID
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The handler's hop to this actor comes after this, so a cancellation before this point is seen here.
                if Task.isCancelled { return continuation.resume(returning: false) }
                waiting.append(Waiter(id: id, exclusive: exclusive, continuation: continuation))
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    private func leave() {
        running -= 1
        exclusiveRuns = false
        startWaiting()
    }

    private func giveUp(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(returning: false)
        startWaiting()
    }

    private func startWaiting() {
        while let next = waiting.first, mayStart(exclusive: next.exclusive) {
            start(exclusive: next.exclusive)
            waiting.removeFirst().continuation.resume(returning: true)
        }
    }

    private func mayStart(exclusive: Bool) -> Bool { exclusive ? running == 0 : !exclusiveRuns }

    private func start(exclusive: Bool) {
        running += 1
        exclusiveRuns = exclusive
    }
}
