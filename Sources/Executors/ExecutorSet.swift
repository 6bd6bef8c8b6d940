package import Jobs
package import Model
import Synchronization

/// The executors of the user's configuration. One is made when it is first used.
package final class ExecutorSet: Sendable {
    private let settings: [ExecutorSettings]
    package let version: String
    private let program: String
    private let environment: [String: String]
    private let made = Mutex<[String: RunningJobs]>([:])

    /// - Parameters:
    ///   - version: version of this program.
    ///   - program: absolute path of this program.
    ///   - environment: the program's environment.
    package init(
        _ settings: [ExecutorSettings], version: String, program: String, environment: [String: String]
    ) {
        self.settings = settings
        self.version = version
        self.program = program
        self.environment = environment
    }

    package static let none = ExecutorSet([], version: "", program: "", environment: [:])

    package var names: [String] { settings.map(\.name) }

    /// Returns the jobs of an executor; nil if the configuration does not have it.
    ///
    /// - Parameters:
    ///   - name: of the executor.
    ///   - runner: ends the executor's processes with this program.
    package func jobs(on name: String, runner: ProcessRunner) -> RunningJobs? {
        guard let settings = settings.first(where: { $0.name == name }) else { return nil }
        return made.withLock { made in
            if let known = made[name] { return known }
            let new = RunningJobs(executor(settings, runner: runner))
            made[name] = new
            return new
        }
    }

    /// Makes an executor.
    package func executor(_ settings: ExecutorSettings, runner: ProcessRunner) -> any Executor {
        if let pods = settings.pods {
            return KubernetesExecutor(
                settings, pods: pods, version: version, environment: environment, runner: runner)
        }
        return MachineExecutor(
            settings, version: version, program: program, environment: environment, runner: runner)
    }

    /// All that were used.
    package var used: [RunningJobs] { made.withLock { Array($0.values) } }

    package func close() async { for jobs in used { await jobs.executor.close() } }
}
