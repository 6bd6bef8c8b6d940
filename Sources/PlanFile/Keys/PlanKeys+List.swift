import Model

/// The keys of one task of a list.
enum ListedTaskKeys {
    static let id = Key.optional(
        "id", .text("a name", check: CheckNames.problem), otherwise: "made from the files", "The task's name.")
    static let title = Key.optional(
        "title", .text("a text", check: CheckNames.lineProblem), otherwise: "the files", "One line for people.")
    static let files = Key.required(
        "files", .list("a list of globs", of: .glob, mayBeEmpty: false),
        "Paths, or globs over the files in scope; a path may be one that the task is to make.")
    static let dependsOn = Key.optional(
        "depends_on", .list("a list of names", of: .text("a name")), default: [],
        "Names of tasks of the list that come first.")
    static let instructions = Key.optional(
        "instructions", .text("a text"), otherwise: "nothing", "What to do, beside the plan's goal.")

    static let approve = Key.optional(
        "approve", Kind<Approval>.choice(), otherwise: "`workers.approve`", "As `workers.approve`, for this task alone."
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

/// A task of a list and where it stands.
struct ListedDraft: Sendable {
    var task: ListedTask
    var idPlace: Place
    /// Of each name in `depends_on`.
    var dependencyPlaces: [Place]
}

enum ListKeys {
    static let command = Key.required(
        "command", .command([], why: "the command prints the tasks, so there is none yet"),
        "Shell command that prints the tasks.")

    private static let written = Kind<[ListedDraft]>.list("a list of tasks", of: ListedTaskKeys.kind, mayBeEmpty: false)
    private static let printed = Kind<String>.mapping(keys: [command]) { fields throws(Fields.Incomplete) in
        try fields.value(command)
    }

    /// A list of tasks, or the command that prints one.
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
                        "no task of the list is called '\(SourceNode.shortened(name))'", at: place,
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
                hint: "take one of them out of a depends_on")
        }
    }
}

enum ScaffoldKeys {
    static let add = Key.required("add", task(id: "add-scaffold"), "The task that makes the layer, before all others.")
    static let remove = Key.required(
        "remove", task(id: "remove-scaffold", isProof: true),
        "The task that takes it away, after all others; its own `verify.done` proves that nothing of it is left.")

    static let kind = Kind<ScaffoldDraft>.mapping(keys: [add, remove]) { fields throws(Fields.Incomplete) in
        ScaffoldDraft(add: try fields.value(add), remove: try fields.value(remove))
    }

    private static func task(id standard: String, isProof: Bool = false) -> Kind<ScaffoldDraft.Task> {
        let id = Key.optional("id", ListedTaskKeys.id.kind, default: .string(standard), ListedTaskKeys.id.meaning)
        let title = ListedTaskKeys.title
        let files = ListedTaskKeys.files
        let instructions = ListedTaskKeys.instructions
        let workers = Key.optional(
            "workers", OwnWorkersKeys.kind, otherwise: "those of the plan or the stage", "Who does it.")
        let verify = Key.optional(
            "verify", VerifyKeys.ofStages, otherwise: "that of the plan or the stage, key by key",
            "The commands that decide whether it is good.")
        return .mapping(keys: [id, title, files, instructions, workers, verify]) { fields throws(Fields.Incomplete) in
            if isProof, !(fields.written(verify)?.has(VerifyKeys.done) ?? (fields.node(of: verify) != nil)) {
                fields.context.findings.error(
                    "'\(fields.context.path)' has no done check of its own: nothing would prove that the layer is gone",
                    at: fields.place(of: verify),
                    hint: "write verify.done here, with a command that fails while anything of it is left: "
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

/// The first and the last task of a scaffold, which become stages of their own.
struct ScaffoldDraft: Sendable {
    var add: Task
    var remove: Task

    struct Task: Sendable {
        var task: ListedTask
        var ladder: [RungDraft]?
        var verify: Written?
        var place: Place
    }
}
