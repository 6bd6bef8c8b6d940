import Foundation
package import Jobs
package import Model

/// Copies this program to the machines of an executor.
package struct ProgramInstaller: Sendable {
    /// The path there.
    package let target: String
    private let settings: ExecutorSettings
    private let program: String
    private let environment: [String: String]
    private let runner: ProcessRunner

    package init(
        _ settings: ExecutorSettings, program: String, environment: [String: String], runner: ProcessRunner
    ) {
        self.settings = settings
        self.program = program
        self.environment = environment
        self.runner = runner
        target = settings.program ?? ExecutorSettings.defaultProgram
    }

    /// Copies the program, and renames it into place once it is complete and starts there.
    package func install(on host: ExecutorSettings.Host) async throws(ExecutorFault) {
        let word = SSHTransport.word(target)
        let script =
            "set -e; mkdir -p \"$(dirname \(word))\"; cat >\(word).new; chmod 755 \(word).new; "
            + "\(word).new --version; mv -f \(word).new \(word)"
        let output = FileManager.default.temporaryDirectory.path + "/orchestrate-install-\(UUID().uuidString)"
        defer { unlink(output) }
        let ssh = SSHTransport(
            host: host.name, program: target, options: settings.kind == .ssh ? settings.options : [])
        let outcome = await runner.run(
            ProcessRequest(
                command: .arguments(ssh.shell(script)), directory: "/", environment: environment,
                input: .file(program), output: .combined(output), timeout: HostCall.longPatience))
        let said = OutsideText.lines(
            String(decoding: (try? UntrustedFile.read(output, limit: 1 << 20)) ?? [], as: UTF8.self))
        if let detail = ssh.fault(outcome, saying: said) { throw .unreachable(machine: host.name, detail: detail) }
        guard outcome.succeeded else {
            throw .refused(
                machine: host.name,
                reason: "the program does not start there: \(said.split(separator: "\n").last ?? "")")
        }
    }
}
