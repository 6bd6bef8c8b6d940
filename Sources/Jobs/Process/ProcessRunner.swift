#if canImport(Glibc)
import CProcess
import Glibc
#endif

/// Runs processes, each in a session of its own, and leaves nothing of them behind.
///
/// Output goes to files and never through a pipe, so a background child that holds its standard output open delays
/// nobody. Once the leader has ended, for whatever reason, all that came from it is ended as well. On Linux this holds
/// for processes that left the session by forking twice, too; elsewhere for the process group only.
package struct ProcessRunner: Sendable {
    /// What `sweep` finds the processes of this runner by.
    let marker: String
    /// What sandboxes are made with; nil for the best that the machine has.
    let support: SandboxSupport?

    /// - Parameter marker: unique on the machine among the coordinators that live or were killed, such as the path of
    ///   the state folder and the run's name.
    package init(marker: String) { self.init(marker: marker, support: nil) }

    init(marker: String, support: SandboxSupport?) {
        self.marker = marker
        self.support = support
        #if os(Linux)
        _ = Self.isSubreaper
        #endif
    }

    #if os(Linux)
    /// Makes orphans below this program its children, where they can be found without a look at all of /proc.
    private static let isSubreaper = orchestrate_become_subreaper() == 0
    #endif

    /// Runs one process to its end.
    ///
    /// Cancelling the calling task ends the process like a timeout does; the call returns once it is gone.
    package func run(_ request: ProcessRequest) async -> ProcessOutcome {
        let started = ContinuousClock.now
        if Task.isCancelled { return ProcessOutcome(ending: .cancelled, seconds: 0) }
        let (cancelled, cancel) = AsyncStream.makeStream(of: Never.self)
        // Not a child task: cancellation must reach the process through `cancelled` only, in our order of signals.
        let work = Task(executorPreference: ThreadExecutor.watches) { await self.spawn(request, cancelled: cancelled) }
        var outcome = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            cancel.finish()
        }
        outcome.seconds = Self.seconds(ContinuousClock.now - started)
        return outcome
    }

    private func spawn(_ request: ProcessRequest, cancelled: AsyncStream<Never>) async -> ProcessOutcome {
        let (key, token) = LiveProcesses.shared.register(marker: marker)
        defer { LiveProcesses.shared.remove(key) }
        var request = request
        request.environment[LiveProcesses.tokenVariable] = token
        do {
            return try await watched(request, key, cancelled)
        } catch {
            return ProcessOutcome(ending: .couldNotStart("\(error)"), seconds: 0)
        }
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
