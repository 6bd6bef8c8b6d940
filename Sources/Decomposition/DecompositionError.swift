package import Model

/// Why a plan cannot be cut into tasks on this base.
package enum DecompositionError: Error, Equatable, CustomStringConvertible {
    case depends(DependsRuleError)
    /// A glob of a scope or of a listed task.
    case glob(GlobError, stage: String)
    /// No file of the base is in the scope of one of several stages.
    case emptyStage(String)
    /// The caller has not run the stage's command.
    case listNotFetched(stage: String)
    /// A plan that did not come from a file.
    case scaffoldNotExpanded(stage: String)
    case noFiles(ListedName, stage: String)
    /// The entry is a glob that stands for no file of the base, or for none in scope.
    case nothingMatches(String, ListedName, stage: String)
    case notAPath(String, ListedName, stage: String)
    case fileInTwoTasks(String, ListedName, ListedName, stage: String)
    case sameID(String, stage: String)
    case unknownDependency(String, of: ListedName, stage: String)
    /// Names of tasks that depend on each other, each on the next and the last on the first.
    case cycle([ListedName], stage: String)

    package var description: String {
        switch self {
        case .depends(let error): "\(error)"
        case .glob(let error, let stage): "stage '\(stage)', \(error): \(error.hint)"
        case .emptyStage(let stage):
            "stage '\(stage)' has no task, because no file of the base is in its scope: correct its scope"
        case .listNotFetched(let stage): "stage '\(stage)' has no list of tasks: write decompose.tasks"
        case .scaffoldNotExpanded(let stage): "stage '\(stage)' is a scaffold, which is three stages once it is loaded"
        case .noFiles(let task, let stage):
            "\(Self.place(task, stage)): the task has no files: name those that it is to change or to make"
        case .nothingMatches(let glob, let task, let stage):
            "\(Self.place(task, stage)): no file in scope matches '\(glob)': correct the glob or the stage's scope"
        case .notAPath(let path, let task, let stage):
            "\(Self.place(task, stage)): '\(path)' is no path from the repository's root: write it like 'src/a.py'"
        case .fileInTwoTasks(let file, let first, let second, let stage):
            "\(Self.place(second, stage)): '\(file)' also belongs to \(first): give it to one of them, "
                + "or put them into different stages"
        case .sameID(let id, let stage): "stage '\(stage)': two tasks are called '\(id)': give each its own id"
        case .unknownDependency(let name, let task, let stage):
            "\(Self.place(task, stage)): it depends on '\(name)', which is no task of the list: "
                + "correct depends_on, or give that task this id"
        case .cycle(let names, let stage):
            "stage '\(stage)': tasks depend on each other: "
                + (names + names.prefix(1)).map(\.description).joined(separator: " → ")
                + ": take one of them out of a depends_on"
        }
    }

    private static func place(_ task: ListedName, _ stage: String) -> String { "stage '\(stage)', \(task)" }
}

/// How messages speak of a task of a list, which may have no id.
package struct ListedName: Sendable, Equatable, CustomStringConvertible {
    /// Counted from 1.
    package var number: Int
    package var id: String?

    package var description: String { id.map { "task '\($0)'" } ?? "task number \(number)" }
}
