#if os(Linux)
import CProcess
import Glibc
import Model

extension ProcessRunner {
    /// Starts a process, in its sandbox if it has one, and watches it to its end.
    func watched(
        _ request: ProcessRequest, key: UInt64, cancelled: AsyncStream<Never>
    ) async throws(JobsError) -> ProcessOutcome {
        let files = try ProcessFiles(request)
        try request.checkEnvironment()
        let start = ProcessStart(
            arguments: try request.arguments(), environment: request.environment, directory: request.directory,
            fileSize: request.limits.fileSize, cpu: request.limits.cpu.map { Int($0.rounded(.up)) + 1 })
        let confinement = try Confinement.make(
            start, in: request.sandboxWithCommand, by: support, log: files.error)
        let began = Int(time(nil))
        let links = request.sandbox.map { LinkWatch($0.writable) }
        defer { links?.end() }
        let spawned = await withTaskExecutorPreference(ThreadExecutor.starts) {
            Result { () throws(JobsError) in
                let id = try confinement.start.spawn(files, links: links)
                LiveProcesses.shared.setLeader(id, of: key, isContained: confinement.isContained)
                return id
            }
        }
        let leader = ProcessLeader(id: try spawned.get(), descriptor: orchestrate_pidfd_open(try spawned.get()))
        let supervision = ProcessSupervision(
            key: key, request: request, files: files, cancelled: cancelled, confinement: confinement,
            began: began)
        var outcome = await supervision.watch(leader)
        let status = leader.reap()
        if leader.descriptor >= 0 { close(leader.descriptor) }
        LiveProcesses.shared.reapFirst(of: confinement)
        if outcome.ending == .exited(0) { outcome.ending = request.ending(status, in: confinement) }
        return outcome
    }
}

extension ProcessRequest {
    /// The sandbox, with read access to the file that a long command is run from.
    fileprivate var sandboxWithCommand: Sandbox? {
        guard var sandbox, let file = commandFile else { return sandbox }
        sandbox.readable.append(file)
        return sandbox
    }

    /// Returns the meaning of an exit status.
    fileprivate func ending(_ status: ProcessOutcome.Ending, in confinement: Confinement) -> ProcessOutcome.Ending {
        if !confinement.hasRun, case .exited = status {
            return .couldNotStart("\(JobsError.sandboxFailed(lastLine))")
        }
        if let fileSize = limits.fileSize, status == .exited(128 + SIGXFSZ) || status == .signalled(SIGXFSZ) {
            return .limit(.fileSize(fileSize))
        }
        if let cpu = limits.cpu, status == .exited(128 + SIGXCPU) || status == .signalled(SIGXCPU) {
            return .limit(.cpu(cpu))
        }
        // Bubblewrap reports a signal as a shell does. A program does not send itself SIGKILL.
        if confinement.isContained, status == .exited(128 + SIGKILL) { return .signalled(SIGKILL) }
        return status
    }

    /// The last message of bubblewrap.
    private var lastLine: String {
        let path = output.paths[output.paths.count - 1]
        let text = (try? UntrustedFile.read(path, limit: 1 << 20)) ?? []
        let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last.map(String.init) ?? "bubblewrap gave no reason"
    }
}
#endif
