package import Model

/// An error of the store, the state folder or the lock. Its description says what happened, where, and what to do.
package enum StoreError: Error, Equatable, Sendable {
    /// There is no store at the path, because nothing was run yet.
    case missing(path: String)
    /// The file is no SQLite database, or a database of another program.
    case notAStore(path: String)
    case corrupted(path: String, detail: String)
    /// A newer program has written the store; `migrations` are those this one does not know.
    case newerSchema(path: String, migrations: [String])
    /// An older program wrote the store, and a reader may not migrate it.
    case olderSchema(path: String)
    /// The store holds runs whose events only an older program can read.
    case olderLog(path: String)
    case notWritable(path: String)
    case diskFull(path: String)
    /// Another process held the write lock for longer than the timeout.
    case busy(path: String)
    /// Any other fault that SQLite reports.
    case database(path: String, detail: String)

    /// An event asks for a move that `TaskState` does not allow.
    case illegalTransition(run: RunID, task: TaskID, from: TaskState, to: TaskState, event: String)
    /// An event names a task, attempt or candidate that the run does not have.
    case unknownSubject(run: RunID, subject: String, event: String)
    case unknownRun(RunID)
    /// The run has no such task; `similar` lists tasks with similar names.
    case unknownTask(TaskID, run: RunID, similar: [TaskID])
    /// A row of the log, or a value of a projection, that cannot be read.
    case unreadable(path: String, place: String, detail: String)

    /// Another coordinator runs the plan; `owner` is nil if its record could not be read.
    case locked(path: String, plan: String, owner: RunLock.Owner?)
    /// A folder or file of the state folder could not be made or opened.
    case folder(path: String, detail: String)
    /// Neither `XDG_STATE_HOME` nor `HOME` is an absolute path.
    case noStateHome
}

extension StoreError: CustomStringConvertible {
    package var description: String { "\(what)\n  hint: \(hint)" }

    private var what: String {
        switch self {
        case .missing(let path): "no run is recorded in \(path)"
        case .notAStore(let path): "\(path) is not a store of orchestrate"
        case .corrupted(let path, let detail): "the store \(path) is damaged: \(detail)"
        case .newerSchema(let path, let migrations):
            "the store \(path) was written by a newer orchestrate (it has \(migrations.joined(separator: ", ")))"
        case .olderSchema(let path): "the store \(path) was written by an older orchestrate"
        case .olderLog(let path): "the store \(path) holds runs of an older orchestrate, which this one cannot read"
        case .notWritable(let path): "the store \(path) cannot be written"
        case .diskFull(let path): "no space is left for the store \(path)"
        case .busy(let path): "another process keeps the store \(path) locked"
        case .database(let path, let detail): "the store \(path): \(detail)"
        case .illegalTransition(let run, let task, let from, let to, let event):
            "run \(run): '\(event)' would move task \(task) from \(from.rawValue) to \(to.rawValue)"
        case .unknownSubject(let run, let subject, let event): "run \(run): '\(event)' names an unknown \(subject)"
        case .unknownRun(let run): "there is no run \(run)"
        case .unknownTask(let task, let run, _): "run \(run) has no task '\(task)'"
        case .unreadable(let path, let place, let detail): "the store \(path): \(place) cannot be read: \(detail)"
        case .locked(_, let plan, let owner):
            "plan '\(plan)' is being run by \(owner.map { "\($0)" } ?? "another process")"
        case .folder(let path, let detail): "\(path): \(detail)"
        case .noStateHome: "there is no place for the state: neither XDG_STATE_HOME nor HOME is an absolute path"
        }
    }

    private var hint: String {
        switch self {
        case .missing: "start one with 'orchestrate migrate --plan FILE'"
        case .notAStore: "move the file away; a new store is made in its place"
        case .corrupted, .unreadable:
            "'orchestrate doctor --rebuild' computes the tables from the log again; "
                + "if the log itself is damaged, move the file away: what has landed is on the branch"
        case .newerSchema: "use the newer orchestrate, or move the file away"
        case .olderSchema: "'orchestrate resume' brings it up to date"
        case .olderLog:
            "finish or clean them with the older orchestrate, then move the file away: a new store is made in its "
                + "place, and what has landed is on the branch"
        case .notWritable: "check the owner and the mode of the file and of its folder"
        case .diskFull: "free some space, then 'orchestrate resume'; nothing was half written"
        case .busy: "see who holds it with 'fuser', then try again"
        case .database: "try again; if it stays, 'orchestrate doctor' looks for the cause"
        case .illegalTransition, .unknownSubject:
            "this is a fault in orchestrate; nothing was written, please report it with 'orchestrate log'"
        case .unknownRun: "'orchestrate status' without a run shows the latest"
        case .locked(let path, _, let owner):
            owner.map { "wait for it, or stop it with 'kill -INT \($0.processID)'" } ?? "see who holds \(path)"
        case .unknownTask(_, _, let similar):
            similar.isEmpty
                ? "'orchestrate plan show' lists the tasks"
                : "did you mean \(similar.map(\.rawValue).joined(separator: ", "))?"
        case .folder: "check the owner and the mode of the folder, or set XDG_STATE_HOME to another one"
        case .noStateHome: "set XDG_STATE_HOME to an absolute path"
        }
    }
}
