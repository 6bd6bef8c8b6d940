import Model

/// The keys of one task of a list.
enum ListedTaskKeys {
    static let id = Key.optional(
        "id", .text("a name", check: CheckNames.problem), otherwise: "derived from the files",
        meaning: "Name of the task.")
    static let title = Key.optional(
        "title", .text("a text", check: CheckNames.lineProblem), otherwise: "the files",
        meaning: "One line that describes the task.")
    static let files = Key.required(
        "files", .list("a list of globs", of: .glob, mayBeEmpty: false),
        meaning: "Paths, or globs over the files in scope. A path may name a file that the task creates.")
    static let dependsOn = Key.optional(
        "depends_on", .list("a list of names", of: .text("a name")), default: [],
        meaning: "Names of tasks in the list that must be done first.")
    static let instructions = Key.optional(
        "instructions", .text("a text"), otherwise: "none", meaning: "What to do, in addition to the plan's goal.")

    static let approve = Key.optional(
        "approve", Kind<Approval>.choice(), otherwise: "`workers.approve`",
        meaning: "Like `workers.approve`, for this task only."
    )

    static let kind = Kind<ListedDraft>.mapping(keys: [id, title, files, dependsOn, instructions, approve]) {
        fields throws(Fields.Incomplete) in
        var places: [Place] = []
        if case .list(let nodes) = fields.node(of: dependsOn)?.content { places = nodes.map(\.place) }
        return ListedDraft(
            task: ListedTask(
                id: fields.written(id), title: fields.written(title), files: try fields.value(files),
                dependsOn: try fields.value(dependsOn), instructions: fields.written(instructions),
                approve: fields.written(approve)),
            idPlace: fields.place(of: id), dependencyPlaces: places)
    }
}

/// A task of a list and its place in the file.
struct ListedDraft: Sendable {
    var task: ListedTask
    var idPlace: Place
    /// The places of the names in `depends_on`.
    var dependencyPlaces: [Place]
}

enum ListKeys {
    static let command = Key.required(
        "command", .command([.planFolder], why: "this command prints the tasks, so it runs before any task exists"),
        meaning: "Shell command that prints the tasks.")

    private static let written = Kind<[ListedDraft]>.list("a list of tasks", of: ListedTaskKeys.kind, mayBeEmpty: false)
    private static let printed = Kind<String>.mapping(keys: [command]) { fields throws(Fields.Incomplete) in
        try fields.value(command)
    }

    /// A list of tasks, or a command that prints one.
    static let kind = Kind<TaskSource>(word: "a list of tasks", keys: ListedTaskKeys.kind.keys) { context in
        ["anyOf": [written.schema(context), printed.schema(context)]]
    } read: { node, context in
        if case .mapping = node.content { return printed.read(node, context).map(TaskSource.command) }
        guard let drafts = written.read(node, context) else { return nil }
        judge(drafts, in: context)
        return .written(drafts.map(\.task))
    }

    private static func judge(_ drafts: [ListedDraft], in context: ReadingContext) {
        var numbers: [String: Int] = [:]
        for (number, draft) in drafts.enumerated() {
            guard let id = draft.task.id else { continue }
            if numbers[id] != nil {
                context.findings.error(
                    "two tasks are called '\(SourceNode.shortened(id))'", at: draft.idPlace,
                    hint: "give each its own id")
            } else {
                numbers[id] = number
            }
        }
        var edges: [(from: Int, to: Int)] = []
        for (number, draft) in drafts.enumerated() {
            for (name, place) in zip(draft.task.dependsOn, draft.dependencyPlaces) {
                if let other = numbers[name] {
                    edges.append((from: number, to: other))
                } else if !context.findings.isFull {
                    let near = Suggestion.closest(to: name, among: numbers.keys.sorted())
                    context.findings.error(
                        "no task in the list is called '\(SourceNode.shortened(name))'", at: place,
                        hint: near.map { "did you mean '\($0)'?" } ?? "give that task this id")
                }
            }
        }
        refuseCycles(drafts, edges, in: context)
    }

    private static func refuseCycles(
        _ drafts: [ListedDraft], _ edges: [(from: Int, to: Int)], in context: ReadingContext
    ) {
        let adjacency = Adjacency(count: drafts.count, edges: edges)
        for members in Condensation(adjacency).components {
            let first = members[0]
            guard members.count > 1 || adjacency.targets(of: first).contains(first) else { continue }
            let names = members.prefix(5).compactMap { drafts[$0].task.id }.joined(separator: ", ")
            context.findings.error(
                "tasks depend on each other: \(names)\(members.count > 5 ? ", …" : "")",
                at: drafts[first].dependencyPlaces.first ?? drafts[first].idPlace,
                hint: "remove one of them from 'depends_on'")
        }
    }
}

enum ScaffoldKeys {
    static let add = Key.required(
        "add", task(id: "add-scaffold"), meaning: "Task that adds the layer. It runs before all others.")
    static let remove = Key.required(
        "remove", task(id: "remove-scaffold", isProof: true),
        meaning:
            "Task that removes the layer. It runs after all others, and its own `verify.done` proves that nothing is left."
    )

    static let kind = Kind<ScaffoldDraft>.mapping(keys: [add, remove]) { fields throws(Fields.Incomplete) in
        ScaffoldDraft(add: try fields.value(add), remove: try fields.value(remove))
    }

    private static func task(id standard: String, isProof: Bool = false) -> Kind<ScaffoldDraft.Task> {
        let id = Key.optional(
            "id", ListedTaskKeys.id.kind, default: .string(standard), meaning: ListedTaskKeys.id.meaning)
        let title = ListedTaskKeys.title
        let files = ListedTaskKeys.files
        let instructions = ListedTaskKeys.instructions
        let workers = Key.optional(
            "workers", OwnWorkersKeys.kind, otherwise: "from the stage or the plan", meaning: "Workers for the task.")
        let verify = Key.optional(
            "verify", VerifyKeys.ofStages, otherwise: "from the stage or the plan, key by key",
            meaning: "Commands that decide whether the task is done right.")
        return .mapping(keys: [id, title, files, instructions, workers, verify]) { fields throws(Fields.Incomplete) in
            if isProof, !(fields.written(verify)?.has(VerifyKeys.done) ?? (fields.node(of: verify) != nil)) {
                fields.context.findings.error(
                    "'\(fields.context.path)' needs its own done check: nothing else proves that the layer is gone",
                    at: fields.place(of: verify),
                    hint: "add verify.done here, with a command that fails while any of the layer is left: "
                        + "'! grep -rq CompatLayer src'")
            }
            return ScaffoldDraft.Task(
                task: ListedTask(
                    id: try fields.value(id), title: fields.written(title), files: try fields.value(files),
                    instructions: fields.written(instructions)),
                ladder: fields.written(workers) ?? nil, verify: fields.written(verify), place: fields.place)
        }
    }
}

/// The first and the last task of a scaffold. Each becomes a stage.
struct ScaffoldDraft: Sendable {
    var add: Task
    var remove: Task

    struct Task: Sendable {
        var task: ListedTask
        var ladder: [RungDraft]?
        var verify: MappingDraft?
        var place: Place
    }
}
