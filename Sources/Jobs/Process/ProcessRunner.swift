#if canImport(Glibc)
import CProcess
import Glibc
#endif

/// Runs processes, each in its own session, and leaves no process behind.
///
/// Output goes to files and never through a pipe, so a background child that keeps standard output open causes no
/// delay. When the leader ends, all its descendants are ended too. On Linux this includes processes that left the
/// session by forking twice; elsewhere it is limited to the process group.
package struct ProcessRunner: Sendable {
    /// Identifies the processes of this runner for `sweep`.
    let marker: String
    /// How sandboxes are made; nil for the best way that the machine has.
    let support: SandboxSupport?

    /// - Parameter marker: unique on the machine among living and killed coordinators, such as the path of the state
    ///   folder and the run's name.
    package init(marker: String) { self.init(marker: marker, support: nil) }

    init(marker: String, support: SandboxSupport?) {
        self.marker = marker
        self.support = support
        #if os(Linux)
        _ = Self.isSubreaper
        #endif
    }

    #if os(Linux)
    /// Makes orphans below this program its children, so that they are found without reading all of /proc.
    private static let isSubreaper = orchestrate_become_subreaper() == 0
    #endif

    /// Runs one process to its end.
    ///
    /// Cancelling the calling task ends the process like a timeout does. The call returns when the process is gone.
    package func run(_ request: ProcessRequest) async -> ProcessOutcome {
        let started = ContinuousClock.now
        if Task.isCancelled { return ProcessOutcome(ending: .cancelled, seconds: 0) }
        let (cancelled, cancel) = AsyncStream.makeStream(of: Never.self)
        // Not a child task: cancellation must reach the process only through `cancelled`, which keeps the order of signals.
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
            return try await watched(request, key: key, cancelled: cancelled)
        } catch {
            return ProcessOutcome(ending: .couldNotStart("\(error)"), seconds: 0)
        }
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
