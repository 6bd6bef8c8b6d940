import Jobs
import Model
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Builds the keys of verdicts from everything that a check's result depends on, as far as that is cheap to see.
///
/// A key covers the tree, the command, the environment, sandbox and limits, and for each program named in the command its
/// path, size and modification time. What a program loads beyond that, such as installed libraries, is not covered;
/// `--no-cache` is for changes of that kind.
final class Fingerprint: Sendable {
    private struct ProgramName: Hashable {
        var word: String
        /// The variable `PATH`.
        var path: String
    }

    private struct Memory {
        /// Digests by the variables that count.
        var environments: [[String: String]: String] = [:]
        var sandboxes: [Sandbox?: String] = [:]
        /// Absolute paths of programs; nil for a word that is not a program.
        var programs: [ProgramName: String?] = [:]
    }

    private let memory = Mutex(Memory())

    /// Changed whenever the same fields would mean something else.
    private static let version = "3"

    /// Variables that say where a check runs or how its output is shown. They do not count: a check whose result depends
    /// on one of them names it in its command.
    private static let placeVariables: Set<String> = [
        "ORCHESTRATE_SLOT", "ORCHESTRATE_PORT_BASE", "ORCHESTRATE_JOB", "ORCHESTRATE_RUN", "ORCHESTRATE_TASK",
        "ORCHESTRATE_ATTEMPT", "ORCHESTRATE_JOB_TOKEN", "TERM",
    ]

    /// Returns the key of a check's verdict.
    ///
    /// - Parameters:
    ///   - command: with its placeholders filled in.
    ///   - environment: the complete environment of the check.
    ///   - sandbox: without the slot's own paths; nil for none.
    ///   - limits: of the check, without defaults.
    ///   - setup: names what the set-up has put into the checkout; empty for nothing.
    ///   - executor: where the check runs; nil for this machine. The programs of an executor are not known here.
    func key(
        tree: ObjectID, command: String, environment: [String: String], sandbox: Sandbox?, limits: ResourceLimits,
        setup: String = "", executor: String? = nil
    ) -> String {
        var digest = SHA256()
        digest.add(Self.version)
        digest.add(tree.hex)
        digest.add(command)
        digest.add(environmentDigest(environment))
        for name in ["ORCHESTRATE_TASK", "ORCHESTRATE_RUN"] where command.contains(name) {
            digest.add(environment[name] ?? "")
        }
        digest.add(sandboxDigest(sandbox))
        digest.add(Self.fields(of: limits))
        if !setup.isEmpty { digest.add(setup) }
        if let executor {
            digest.add(["executor", executor])
        } else {
            for program in programs(of: command, path: environment["PATH"] ?? "") { digest.add(program) }
        }
        return digest.digest()
    }

    /// Returns the key of a verdict from a worker's slot, which never answers for a landing check.
    static func inSlot(_ key: String) -> String { key + "-in-slot" }

    private func sandboxDigest(_ sandbox: Sandbox?) -> String {
        if let known = memory.withLock({ $0.sandboxes[sandbox] }) { return known }
        var digest = SHA256()
        if let sandbox {
            digest.add(sandbox.readable)
            digest.add(sandbox.writable)
            digest.add(sandbox.hidden)
            digest.add(Self.fields(of: sandbox.network))
        }
        let text = digest.digest()
        memory.withLock { $0.sandboxes[sandbox] = text }
        return text
    }

    private static func fields(of network: Network) -> [String] {
        switch network {
        case .none: ["none"]
        case .host: ["host"]
        case .hosts(let hosts): ["hosts"] + hosts
        }
    }

    private static func fields(of limits: ResourceLimits) -> [String] {
        let counts = [limits.memory, limits.processes, limits.fileSize, limits.disk].map { $0.map(String.init) ?? "" }
        return counts + [limits.cpu.map { "\($0)" } ?? ""]
    }

    private func environmentDigest(_ environment: [String: String]) -> String {
        let variables = environment.filter { !Self.placeVariables.contains($0.key) }
        if let known = memory.withLock({ $0.environments[variables] }) { return known }
        var digest = SHA256()
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            digest.add(name)
            digest.add(value)
        }
        let text = digest.digest()
        memory.withLock { $0.environments[variables] = text }
        return text
    }

    /// Returns path and identity of every word of a command that is the name of a program, whether it is run or not.
    private func programs(of command: String, path: String) -> [String] {
        var seen: Set<Substring> = []
        return command.split(whereSeparator: { !Self.isNamePart($0) }).filter { seen.insert($0).inserted }
            .compactMap { word in
                guard let file = file(of: ProgramName(word: String(word), path: path)) else { return nil }
                return Self.identity(of: file).map { "\(file) \($0)" }
            }
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._+-/".contains(character))
    }

    private func file(of name: ProgramName) -> String? {
        if name.word.hasPrefix("/") { return Self.isProgram(name.word) ? name.word : nil }
        // A program of the checkout is part of the tree.
        if name.word.contains("/") { return nil }
        if let known = memory.withLock({ $0.programs[name] }) { return known }
        let found = name.path.split(separator: ":").map { "\($0)/\(name.word)" }.first(where: Self.isProgram)
        memory.withLock { $0.programs[name] = .some(found) }
        return found
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o111 != 0
    }

    /// Follows links, so that switching a link to another version changes the identity.
    private static func identity(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let changed = status.st_mtimespec
        #else
        let changed = status.st_mtim
        #endif
        return "\(status.st_dev):\(status.st_ino) \(status.st_size) \(changed.tv_sec).\(changed.tv_nsec)"
    }
}
