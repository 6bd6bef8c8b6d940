import Git
import Jobs
import Model
import Testing
import Verification

/// A diff, and what one guard has to say about it.
struct GuardFixture: Sendable, CustomTestStringConvertible {
    /// The key of the plan that switches the guard.
    var key: String
    var name: String
    var files: [File]
    /// Beside the defaults.
    var rules = GuardRules(write: .repository)
    var task = MigrationTask(id: TaskID("t"), title: "t", files: ["a.py"])
    var secrets: [JobEnvironment.Secret] = []
    /// The places that are objected to; none for a diff that must not be.
    var places: [String] = []
    /// What the objections say.
    var says = ""

    var testDescription: String { "\(key): \(name)" }
    var trips: Bool { !places.isEmpty || !says.isEmpty }

    struct File: Sendable {
        var path: String
        var old: [UInt8]?
        var new: [UInt8]?
        var oldMode = FileMode.regular
        var newMode = FileMode.regular

        init(
            _ path: String, _ old: [UInt8]?, _ new: [UInt8]?, oldMode: FileMode = .regular, newMode: FileMode = .regular
        ) {
            self.path = path
            self.old = old
            self.new = new
            self.oldMode = oldMode
            self.newMode = newMode
        }

        init(
            _ path: String, _ old: String?, _ new: String?, oldMode: FileMode = .regular, newMode: FileMode = .regular
        ) {
            self.init(path, old.map { Array($0.utf8) }, new.map { Array($0.utf8) }, oldMode: oldMode, newMode: newMode)
        }
    }

    /// What the guards say of it, all of them, with only its own one switched off if asked.
    func judge(_ rules: GuardRules? = nil) throws -> Failure? {
        let stage = Plan(
            name: "p", goal: "g", repository: "/r",
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "w", run: "true"))]), guards: rules ?? self.rules
        ).stages[0]
        var blobs: [ObjectID: [UInt8]] = [:]
        func store(_ bytes: [UInt8]?) -> ObjectID? {
            guard let bytes else { return nil }
            let digits = String(blobs.count + 1, radix: 16)
            let id = ObjectID(hex: String(repeating: "0", count: 40 - digits.count) + digits)
            if let id { blobs[id] = bytes }
            return id
        }
        let changes = files.map { file in
            let old = store(file.old)
            let new = file.old == file.new ? old : store(file.new)
            return FileChange(
                path: file.path, status: old == nil ? .added : new == nil ? .deleted : .modified,
                oldMode: old == nil ? nil : file.oldMode, newMode: new == nil ? nil : file.newMode, oldID: old,
                newID: new, added: 1, isBinary: (file.new ?? file.old ?? []).contains(0))
        }
        let stored = blobs
        return try GuardList(stage).judge(changes, of: task, secrets: secrets) { stored[$0] ?? [] }
    }

    static let all =
        paths + repository + leftovers + secretValues + text + suppressions + testFiles + testMoves + laziness + hostile
}

extension GuardRules {
    /// The rules with one guard switched off.
    func allowing(_ key: String) -> GuardRules {
        var rules = self
        switch key {
        case "tests": rules.tests = .allow
        case "suppressions": rules.suppressions = .allow
        case "conflict_markers": rules.conflictMarkers = .allow
        case "secrets": rules.secrets = .allow
        case "leftovers": rules.leftovers = .allow
        case "placeholders": rules.placeholders = .allow
        case "emptied_files": rules.emptiedFiles = .allow
        case "symlinks": rules.symlinks = .allow
        case "modes": rules.modes = .allow
        case "submodules": rules.submodules = .allow
        case "git_attributes": rules.gitAttributes = .allow
        case "max_binary": rules.maxBinary = .max
        case "must_change": rules.mustChange = false
        case "max_changed_lines": rules.maxChangedLines = nil
        case "max_changed_files": rules.maxChangedFiles = nil
        case "forbid": rules.forbid = []
        case "write": rules.write = .repository
        default: Issue.record("no guard \(key)")
        }
        return rules
    }
}
