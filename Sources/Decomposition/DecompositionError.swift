package import Model

/// Why a plan cannot be cut into tasks on this base.
package enum DecompositionError: Error, Equatable, CustomStringConvertible {
    case depends(DependsRuleError)
    /// A glob of a scope or of a listed task.
    case glob(GlobError, stage: String)
    /// No file of the base is in the scope of one of several stages.
    case emptyStage(String)
    /// The stage's command has not been run.
    case listNotFetched(stage: String)
    /// A plan that did not come from a file.
    case scaffoldNotExpanded(stage: String)
    case noFiles(ListedName, stage: String)
    /// The entry is a glob that matches no file of the base, or no file in scope.
    case nothingMatches(String, ListedName, stage: String)
    case notAPath(String, ListedName, stage: String)
    case fileInTwoTasks(String, ListedName, ListedName, stage: String)
    case sameID(String, stage: String)
    case unknownDependency(String, of: ListedName, stage: String)
    /// Names of tasks in a cycle: each depends on the next, and the last on the first.
    case cycle([ListedName], stage: String)

    package var description: String {
        switch self {
        case .depends(let error): "\(error)"
        case .glob(let error, let stage): "stage '\(stage)', \(error): \(error.hint)"
        case .emptyStage(let stage):
            "stage '\(stage)' has no tasks, because no file of the base is in its scope: correct its scope"
        case .listNotFetched(let stage): "stage '\(stage)' has no list of tasks: write decompose.tasks"
        case .scaffoldNotExpanded(let stage):
            "stage '\(stage)' is a scaffold that was not expanded into its three stages"
        case .noFiles(let task, let stage):
            "\(Self.place(task, stage)): the task has no files: list the files that it changes or creates"
        case .nothingMatches(let glob, let task, let stage):
            "\(Self.place(task, stage)): no file in scope matches '\(glob)': correct the glob or the stage's scope"
        case .notAPath(let path, let task, let stage):
            "\(Self.place(task, stage)): '\(path)' is not a path from the repository's root. Write it like 'src/a.py'"
        case .fileInTwoTasks(let file, let first, let second, let stage):
            "\(Self.place(second, stage)): '\(file)' also belongs to \(first): order the two with "
                + "depends_on, give the file to one of them, or put them into different stages"
        case .sameID(let id, let stage): "stage '\(stage)': two tasks have the id '\(id)': give each its own id"
        case .unknownDependency(let name, let task, let stage):
            "\(Self.place(task, stage)): it depends on '\(name)', which is not a task of the list: "
                + "correct depends_on, or give that task this id"
        case .cycle(let names, let stage):
            "stage '\(stage)': tasks depend on each other: "
                + (names + names.prefix(1)).map(\.description).joined(separator: " → ")
                + ": remove one of them from a depends_on"
        }
    }

    private static func place(_ task: ListedName, _ stage: String) -> String { "stage '\(stage)', \(task)" }
}

/// An error of a plan on a base, with its position in the plan.
package struct DecompositionFault: Sendable, Equatable {
    package var error: DecompositionError
    /// Position of the stage, from 0; nil for a rule of the whole plan.
    package var stage: Int?
    /// Position of the listed task, from 0.
    package var task: Int?
    /// Position in the task's `files`, from 0.
    package var entry: Int?
}

/// The way messages name a task of a list, which may have no id.
package struct ListedName: Sendable, Equatable, CustomStringConvertible {
    /// Counted from 1.
    package var number: Int
    package var id: String?

    package var description: String { id.map { "task '\($0)'" } ?? "task number \(number)" }
}
