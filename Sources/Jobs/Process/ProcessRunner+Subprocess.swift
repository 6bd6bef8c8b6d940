#if !os(Linux)
import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

extension ProcessRunner {
    /// Starts a process, in its sandbox if it has one, and watches it to its end.
    func watched(
        _ request: ProcessRequest, key: UInt64, cancelled: AsyncStream<Never>
    ) async throws(JobsError) -> ProcessOutcome {
        let files = try ProcessFiles(request)
        try request.checkEnvironment()
        var command = try request.arguments()
        if let sandbox = request.sandbox { command = try Seatbelt.command(command, in: sandbox) }
        var options = PlatformOptions()
        options.createSession = true
        let supervision = ProcessSupervision(key: key, request: request, files: files, cancelled: cancelled)
        do {
            let result = try await Subprocess.run(
                command[0].contains("/") ? .path(FilePath(command[0])) : .name(command[0]),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .custom(request.environment.map { Array("\($0.key)=\($0.value)".utf8) + [0] }),
                workingDirectory: FilePath(request.directory),
                platformOptions: options,
                input: .fileDescriptor(FileDescriptor(rawValue: files.input), closeAfterSpawningProcess: false),
                output: .fileDescriptor(FileDescriptor(rawValue: files.out), closeAfterSpawningProcess: false),
                error: .fileDescriptor(FileDescriptor(rawValue: files.error), closeAfterSpawningProcess: false)
            ) { execution in
                let leader = ProcessLeader(id: execution.processIdentifier.value, descriptor: -1)
                LiveProcesses.shared.setLeader(leader.id, of: key)
                return await supervision.watch(leader)
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
            throw .tooLong(
                arguments: command.reduce(0) { $0 + $1.utf8.count + 1 },
                environment: request.environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 })
        } catch {
            throw .sandboxFailed("\(error)")
        }
    }
}
#endif
