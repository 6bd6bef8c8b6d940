import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif
#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs processes, each in a session of its own, and leaves nothing of them behind.
///
/// Output goes to files and never through a pipe, so a background child that holds its standard output open delays
/// nobody. Once the leader has ended, for whatever reason, all that came from it is ended as well. On Linux this holds
/// for processes that left the session by forking twice, too; elsewhere for the process group only.
package struct ProcessRunner: Sendable {
    /// What `sweep` finds the processes of this runner by.
    let marker: String

    /// - Parameter marker: unique on the machine among the coordinators that live or were killed, such as the path of
    ///   the state folder and the run's name.
    package init(marker: String) {
        self.marker = marker
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
        let work = Task { await self.spawn(request, cancelled: cancelled) }
        var outcome = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            cancel.finish()
        }
        outcome.seconds = Self.seconds(ContinuousClock.now - started)
        return outcome
    }

    private func spawn(_ request: ProcessRequest, cancelled: AsyncStream<Never>) async -> ProcessOutcome {
        let files: ProcessFiles
        let command: [String]
        do {
            files = try ProcessFiles(request)
            command = try request.arguments()
            try request.checkEnvironment()
        } catch {
            return ProcessOutcome(ending: .couldNotStart("\(error)"), seconds: 0)
        }
        let (key, token) = LiveProcesses.shared.register(marker: marker)
        defer { LiveProcesses.shared.remove(key) }
        var environment = request.environment
        environment[LiveProcesses.tokenVariable] = token
        var options = PlatformOptions()
        options.createSession = true
        let supervision = ProcessSupervision(key: key, request: request, files: files, cancelled: cancelled)
        do {
            let result = try await Subprocess.run(
                command[0].contains("/") ? .path(FilePath(command[0])) : .name(command[0]),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .custom(environment.map { Array("\($0)=\($1)".utf8) + [0] }),
                workingDirectory: FilePath(request.directory),
                platformOptions: options,
                input: .fileDescriptor(FileDescriptor(rawValue: files.input), closeAfterSpawningProcess: false),
                output: .fileDescriptor(FileDescriptor(rawValue: files.out), closeAfterSpawningProcess: false),
                error: .fileDescriptor(FileDescriptor(rawValue: files.error), closeAfterSpawningProcess: false)
            ) { execution in
                await supervision.watch(execution.processIdentifier)
            }
            var outcome = result.closureResult
            if outcome.ending == .exited(0) {
                switch result.terminationStatus {
                case .exited(let status): outcome.ending = .exited(status)
                case .signaled(let number): outcome.ending = .signalled(number)
                }
            }
            return outcome
        } catch let error as SubprocessError where error.underlyingError?.rawValue == E2BIG {
            let size = command.reduce(0) { $0 + $1.utf8.count + 1 }
            let rest = environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 }
            let error = JobsError.tooLong(arguments: size, environment: rest)
            return ProcessOutcome(ending: .couldNotStart("\(error)"), seconds: 0)
        } catch {
            return ProcessOutcome(ending: .couldNotStart("\(error)"), seconds: 0)
        }
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
