import Model
import Prompts
import Synchronization

/// Which tasks a run has, who owns a file, who the neighbours of a task are, and how each task has fared.
final class TaskRegister: Sendable {
    private struct State: Sendable {
        var neighbourhood = TaskNeighbourhood([])
        var tasks: [TaskID: MigrationTask] = [:]
        /// The first task that each file belongs to.
        var owners: [String: TaskID] = [:]
        var derivedCount = 0
        /// How each task has failed so far.
        var failures: [TaskID: Set<Failure.Kind>] = [:]
        /// Of tasks that have landed.
        var landed: [TaskID: Work] = [:]
        /// The order in which they landed.
        var landingOrder: [TaskID] = []
        /// Of tasks that are verified and have not landed.
        var verified: [TaskID: Work] = [:]

        mutating func add(_ added: [MigrationTask]) {
            neighbourhood.add(added)
            for task in added where tasks[task.id] == nil {
                tasks[task.id] = task
                if task.derivedFrom != nil { derivedCount += 1 }
                for file in task.files where owners[file] == nil { owners[file] = task.id }
            }
        }
    }

    /// What was done in a task.
    private struct Work: Sendable {
        var paths: [String]
        var reason: String
    }

    private let state = Mutex(State())

    init(_ tasks: [MigrationTask]) { state.withLock { $0.add(tasks) } }

    /// Takes in a fact of the log, old or new.
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
                }
            default: break
            }
        }
    }

    subscript(_ id: TaskID) -> MigrationTask? { state.withLock { $0.tasks[id] } }

    /// The task that a file belongs to.
    func owner(of path: String) -> TaskID? { state.withLock { $0.owners[path] } }

    func hasDependents(_ task: TaskID) -> Bool { state.withLock { $0.neighbourhood.hasDependents(task) } }

    /// Everything that a task needs, directly or not.
    func needs(of task: TaskID) -> Set<TaskID> { state.withLock { $0.neighbourhood.needs(of: task) } }

    /// How many steps away tasks are, in either direction.
    func distances(from task: TaskID) -> [TaskID: Int] { state.withLock { $0.neighbourhood.distances(from: task) } }

    /// How a task has failed so far.
    func failures(of task: TaskID) -> Set<Failure.Kind> { state.withLock { $0.failures[task, default: []] } }

    /// How many tasks were derived from landings.
    var derivedCount: Int { state.withLock { $0.derivedCount } }

    /// Most tasks that a prompt quotes.
    private static let mostNotes = 20

    /// Describes what has landed of the tasks that a task needs directly, the latest first.
    func landedNotes(before task: MigrationTask) -> [PromptMaterial.LandedNote] {
        state.withLock { state in
            let needed = Set(task.dependencies)
            return state.landingOrder.reversed().filter(needed.contains).prefix(Self.mostNotes).compactMap { id in
                state.landed[id].map { .init(task: id, files: $0.paths, reason: $0.reason) }
            }
        }
    }

    /// Tasks whose transcripts are worth reading for this one: of those that landed last, the nearest first.
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

    /// A name for a derived task that no task has, usable as a file name and in a branch's name.
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
