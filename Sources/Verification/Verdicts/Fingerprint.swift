import Jobs
import Model
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Digests what a check's answer depends on beside its tree and command, as far as that can be seen cheaply.
///
/// Those are the variables it is given, its network and its limits, and of each program that its command names the
/// file: where it is, its size and when it was changed last. What a program loads beyond that, such as installed
/// libraries, is not looked at; `--no-cache` is for the day on which it matters.
final class Fingerprint: Sendable {
    private struct Memory {
        /// Digests of environments by what was allowed into them.
        var environments: [[String]: String] = [:]
        /// Digests of sandboxes by what they were made from.
        var cages: [String: String] = [:]
        /// Files of programs by `PATH` and name; nil for a word that is no program.
        var programs: [String: String?] = [:]
    }

    private let memory = Mutex(Memory())

    /// Changed whenever the same text would mean something else.
    private static let version = "1"

    /// Variables that say where a check runs, or how its output is shown; a check whose answer depends on one of them
    /// says so by naming it in its command.
    private static let ofThePlace: Set<String> = [
        "ORCHESTRATE_SLOT", "ORCHESTRATE_PORT_BASE", "ORCHESTRATE_JOB", "ORCHESTRATE_RUN", "ORCHESTRATE_TASK",
        "ORCHESTRATE_ATTEMPT", "ORCHESTRATE_JOB_TOKEN", "TERM",
    ]

    /// - Parameters:
    ///   - allowed: entries of the plan that decide what is in the environment.
    ///   - environment: as the check is given it.
    ///   - cage: what the sandbox of the check allows, in any words that are the same for the same cage.
    func key(
        tree: ObjectID, command: String, allowed: [String], environment: [String: String], cage: String
    ) -> String {
        var digest = SHA256()
        digest.add(Self.version)
        digest.add(tree.hex)
        digest.add(command)
        digest.add(environmentDigest(allowed, environment))
        for name in ["ORCHESTRATE_TASK", "ORCHESTRATE_RUN"] where command.contains(name) {
            digest.add(environment[name] ?? "")
        }
        digest.add(cage)
        for program in programs(of: command, path: environment["PATH"] ?? "") { digest.add(program) }
        return digest.digest()
    }

    /// The key of what was found where a worker may have left something beside the tree.
    static func inSlot(_ key: String) -> String { key + "-in-slot" }

    /// A sandbox in few words.
    ///
    /// - Parameters:
    ///   - source: what it was made from.
    ///   - description: all of it; only asked for where the source is new.
    func cage(_ source: String, _ description: () -> String) -> String {
        if let known = memory.withLock({ $0.cages[source] }) { return known }
        var digest = SHA256()
        digest.add(description())
        let text = digest.digest()
        memory.withLock { $0.cages[source] = text }
        return text
    }

    private func environmentDigest(_ allowed: [String], _ environment: [String: String]) -> String {
        if let known = memory.withLock({ $0.environments[allowed] }) { return known }
        var digest = SHA256()
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where !Self.ofThePlace.contains(name) {
            digest.add(name)
            digest.add(value)
        }
        let text = digest.digest()
        memory.withLock { $0.environments[allowed] = text }
        return text
    }

    /// Every word of a command that names a program, whether it is one or an argument that looks like one.
    private func programs(of command: String, path: String) -> [String] {
        var seen: Set<Substring> = []
        return command.split(whereSeparator: { !Self.isNamePart($0) }).filter { seen.insert($0).inserted }
            .compactMap { word in
                guard let file = file(of: String(word), path) else { return nil }
                return Self.identity(of: file).map { "\(file) \($0)" }
            }
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._+-/".contains(character))
    }

    private func file(of word: String, _ path: String) -> String? {
        if word.hasPrefix("/") { return Self.isProgram(word) ? word : nil }
        // A program of the checkout is part of the tree.
        if word.contains("/") { return nil }
        let key = "\(path)\0\(word)"
        if let known = memory.withLock({ $0.programs[key] }) { return known }
        let found = path.split(separator: ":").map { "\($0)/\(word)" }.first(where: Self.isProgram)
        memory.withLock { $0.programs[key] = .some(found) }
        return found
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o111 != 0
    }

    /// Links are followed, so that a switch to another version behind one name is seen.
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
