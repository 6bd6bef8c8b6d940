import Model
import Prompts
import Synchronization

/// A register of a run's tasks: their files, their dependencies and their results so far.
final class TaskRegister: Sendable {
    private struct State: Sendable {
        var neighbourhood = TaskNeighbourhood([])
        var tasks: [TaskID: MigrationTask] = [:]
        /// The owner of each file: the first task that contains it.
        var owners: [String: TaskID] = [:]
        var derivedCount = 0
        /// The kinds of each task's failures so far.
        var failures: [TaskID: Set<Failure.Kind>] = [:]
        /// The work of tasks that have landed.
        var landed: [TaskID: Work] = [:]
        /// The commits of landed tasks.
        var commits: [TaskID: ObjectID] = [:]
        /// Landed tasks, in the order of landing.
        var landingOrder: [TaskID] = []
        /// Why nobody works on a task any more.
        var endings: [TaskID: Ending] = [:]
        /// The work of tasks that are verified and have not landed.
        var verified: [TaskID: Work] = [:]

        mutating func add(_ added: [MigrationTask]) {
            neighbourhood.add(added)
            for task in added where tasks[task.id] == nil {
                tasks[task.id] = task
                if task.derivedFrom != nil { derivedCount += 1 }
                for file in task.files where owners[file] == nil { owners[file] = task.id }
            }
        }

        /// Adds the parts of a task, which depends on them and leaves its files to them.
        mutating func add(_ parts: [MigrationTask], of task: TaskID) {
            add(parts)
            neighbourhood.join(task, parts.map(\.id))
            for part in parts { for file in part.files { owners[file] = part.id } }
        }
    }

    /// Why nobody works on a task any more.
    private struct Ending: Sendable, ExpressibleByStringLiteral {
        /// The predicate of a sentence.
        var words: String
        /// The failed or skipped task that blocks it.
        var blocker: TaskID?

        init(stringLiteral words: String) { self.words = words }

        init(blockedBy blocker: TaskID) { (words, self.blocker) = ("is blocked by \(blocker)", blocker) }
    }

    /// The changed paths of a task, and the worker's reason.
    private struct Work: Sendable {
        var paths: [String]
        var reason: String
    }

    private let state = Mutex(State())

    init(_ tasks: [MigrationTask]) { state.withLock { $0.add(tasks) } }

    /// Updates the register with a fact of the log, old or new.
    func remember(_ fact: Fact) {
        state.withLock { state in
            switch fact {
            case .tasksAdded(let added): state.add(added.tasks)
            case .attemptFailed(let failed): state.failures[failed.task, default: []].insert(failed.failure.kind)
            case .candidateFailed(let failed):
                if let task = failed.task { state.failures[task, default: []].insert(failed.failure.kind) }
            case .attemptVerified(let verified):
                state.verified[verified.task] = Work(paths: verified.changes.map(\.path), reason: verified.reason)
            case .landed(let landed):
                for commit in landed.commits {
                    state.landed[commit.task] =
                        state.verified.removeValue(forKey: commit.task) ?? Work(paths: [], reason: "")
                    state.landingOrder.append(commit.task)
                    state.commits[commit.task] = commit.commit
                    state.endings[commit.task] = "has landed"
                }
            case .foundDone(let found): state.endings[found.task] = "was already done"
            default: break
            }
        }
    }

    /// Updates the register with a decision that followed from a fact.
    func remember(_ decision: Decision) {
        state.withLock { state in
            switch decision {
            case .start(let start): state.endings[start.task] = nil
            case .retry(let retry):
                state.endings[retry.task] = nil
                // The tasks that it blocked may start again.
                state.endings = state.endings.filter { $0.value.blocker != retry.task }
                // A landed task is retried once its commit is reverted.
                if state.landed.removeValue(forKey: retry.task) != nil {
                    state.landingOrder.removeAll { $0 == retry.task }
                    state.commits[retry.task] = nil
                }
            case .revert(let revert): state.add([revert.task])
            case .split(let split): state.add(split.parts, of: split.task)
            case .cover(let cover): state.endings[cover.task] = "was already done"
            case .join(let join): state.endings[join.task] = nil
            case .fail(let fail): state.endings[fail.task] = "has failed"
            case .skip(let skip): state.endings[skip.task] = "was skipped"
            case .block(let block): state.endings[block.task] = Ending(blockedBy: block.cause)
            default: break
            }
        }
    }

    /// Returns why a task will not answer a question of another one, as the predicate of a sentence; nil if it may.
    func silence(of task: TaskID, towards asker: TaskID) -> String? {
        state.withLock { state in
            if let ending = state.endings[task] { return ending.words }
            return state.neighbourhood.needs(of: task).contains(asker) ? "starts only after your task has landed" : nil
        }
    }

    subscript(_ id: TaskID) -> MigrationTask? { state.withLock { $0.tasks[id] } }

    /// Returns the task that owns a file.
    func owner(of path: String) -> TaskID? { state.withLock { $0.owners[path] } }

    func hasDependents(_ task: TaskID) -> Bool { state.withLock { $0.neighbourhood.hasDependents(task) } }

    /// Returns all direct and indirect dependencies of a task.
    func needs(of task: TaskID) -> Set<TaskID> { state.withLock { $0.neighbourhood.needs(of: task) } }

    /// Returns the distances of nearby tasks in steps, in either direction.
    func distances(from task: TaskID) -> [TaskID: Int] { state.withLock { $0.neighbourhood.distances(from: task) } }

    /// Returns the kinds of a task's failures so far.
    func failures(of task: TaskID) -> Set<Failure.Kind> { state.withLock { $0.failures[task, default: []] } }

    /// The number of tasks that were derived from landings.
    var derivedCount: Int { state.withLock { $0.derivedCount } }

    /// Maximum number of tasks that a prompt quotes.
    private static let mostNotes = 20

    /// Returns notes on the direct dependencies of a task that have landed, latest first.
    func landedNotes(before task: MigrationTask) -> [PromptMaterial.LandedNote] {
        state.withLock { state in
            let needed = Set(task.dependencies)
            return state.landingOrder.reversed().filter(needed.contains).prefix(Self.mostNotes).compactMap { id in
                state.landed[id].map { .init(task: id, files: $0.paths, reason: $0.reason) }
            }
        }
    }

    /// Landed tasks that are looked through for examples.
    private static let mostPioneers = 10

    /// Returns the first landed tasks with files of the same kinds as a task's, and their commits. They stay the same
    /// for the rest of the run, so that prompts do not change.
    func pioneers(of task: MigrationTask) -> [(task: TaskID, commit: ObjectID)] {
        let kinds = Set(task.files.map(Self.kind))
        return state.withLock { state in
            var found: [(task: TaskID, commit: ObjectID)] = []
            for id in state.landingOrder where id != task.id && found.count < Self.mostPioneers {
                guard let other = state.tasks[id], other.derivedFrom == nil, other.stage == task.stage,
                    !kinds.isDisjoint(with: other.files.map(Self.kind)), let commit = state.commits[id]
                else { continue }
                found.append((id, commit))
            }
            return found
        }
    }

    /// The ending of a file's name.
    private static func kind(_ path: String) -> Substring {
        let name = path.split(separator: "/").last ?? ""
        return name.lastIndex(of: ".").map { name[$0...] } ?? ""
    }

    /// Returns the tasks whose transcripts are useful for a task: the last landed ones, nearest first.
    func teachers(of task: MigrationTask) -> [TaskID] {
        state.withLock { state in
            let distances = state.neighbourhood.distances(from: task.id)
            let recent = state.landingOrder.suffix(Self.mostNotes)
            return recent.enumerated().sorted { a, b in
                let (x, y) = (distances[a.element] ?? .max, distances[b.element] ?? .max)
                return x != y ? x < y : a.offset > b.offset
            }.map(\.element)
        }
    }

    /// Returns an unused name for a derived task. It is valid as a file name and in a branch name.
    func freeName(for path: String) -> TaskID {
        let letters = path.unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "." || scalar == "_" ? Character(scalar) : "-"
        }
        let name = "derived-" + String(letters.suffix(100)).replacing("..", with: "-")
        return state.withLock { state in
            var number = 1
            while true {
                let id = TaskID(number == 1 ? name : "\(name)-\(number)")
                if state.tasks[id] == nil { return id }
                number += 1
            }
        }
    }
}
