import Model

/// Keys of workers that are agents.
enum AgentKeys {
    static let events = Key.optional(
        "events", Kind<Worker.Events>.choice(), otherwise: "output is only a log",
        meaning:
            "Format of standard output. It is kept as `transcript`, and tokens, cost and the result are read from it.")
    static let home = Key.optional(
        "home", Kind<Worker.Home>.choice(), default: "user",
        meaning:
            "`HOME` of the worker. `task` is a separate folder for the task, so that no user configuration is read.")
    static let provider = Key.optional(
        "provider", .text("a name", check: BranchName.partProblem), otherwise: "the worker's name",
        meaning: "Model provider. All workers of a provider wait while it is overloaded.")
    static let prices = Key.optional(
        "prices", PriceKeys.kind, otherwise: "cost is known only if the worker reports it",
        meaning: "Token prices, for a worker that does not report its cost.")
    static let capabilities = Key.optional(
        "capabilities", .list("a list of capabilities", of: Kind<Worker.Capability>.choice()), otherwise: "none",
        meaning:
            "What the program supports: `mcp`, and stopping at `ORCHESTRATE_MAX_TURNS` (`turns`) or `ORCHESTRATE_MAX_USD` (`budget`)."
    )
    static let resume = Key.optional(
        "resume",
        .command(
            CommandTemplate.Placeholder.allCases.filter { $0 != .planFolder }, why: "a worker does not know its plans"),
        otherwise: "every attempt starts a new conversation",
        meaning: "Shell command that continues the conversation `{session}`, for `retry: resume`.")
    static let probe = Key.optional(
        "probe", .text("a command"), otherwise: "not checked",
        meaning: "Shell command that prints the program's version. `orchestrate workers` runs it.")
    static let login = Key.optional(
        "login", .text("a command"), otherwise: "not checked",
        meaning:
            "Shell command that fails if the program is not logged in. `orchestrate workers` runs it. It must cost nothing."
    )
    static let noChange = Key.optional(
        "no_change", Kind<Worker.NoChange>.choice(), default: "failed",
        meaning:
            "What an attempt means in which the worker changed nothing. `done`: the task is done already, if it has no "
            + "`done` check. `failed`: the attempt failed.")

    static let reads = Key.optional(
        "reads", .list("a list of file names", of: .text("a file name")), otherwise: "none",
        meaning:
            "Files with conventions that the program reads by itself: AGENTS.md for the one at the root, `**/AGENTS.md` for those "
            + "of all directories. Prompts do not repeat them.")

    static let all: [any AnyKey] = [
        events, home, provider, prices, capabilities, reads, resume, probe, login, noChange,
    ]

    static func add(_ fields: Fields, to worker: inout Worker) {
        worker.events = fields.written(events)
        worker.home = fields.written(home)
        worker.provider = fields.written(provider)
        worker.prices = fields.written(prices)
        worker.capabilities = fields.written(capabilities)
        worker.reads = fields.written(reads)
        worker.resume = fields.written(resume)
        worker.probe = fields.written(probe)
        worker.login = fields.written(login)
        worker.noChange = fields.written(noChange)
        guard let resume = worker.resume else { return }
        PromptUse.check(resume, with: worker.prompt, at: fields.node(of: Self.resume), in: fields.context.findings)
        if (try? CommandTemplate(resume))?.placeholders.contains(.session) == false, let place = place(of: fields) {
            fields.context.findings.error(
                "the command has no {session}", at: place,
                hint: "put {session} where the program expects the conversation")
        }
        if worker.events == nil, let place = place(of: fields) {
            fields.context.findings.error(
                "'resume' needs 'events'", at: place, hint: "the name of the conversation is read from the events")
        }
    }

    private static func place(of fields: Fields) -> Place? { fields.node(of: resume)?.place }
}

enum PriceKeys {
    static let input = Key.required("input", .money, meaning: "US dollars per million input tokens.")
    static let cached = Key.optional(
        "cached", .money, otherwise: "`input`", meaning: "US dollars per million cached input tokens.")
    static let output = Key.required("output", .money, meaning: "US dollars per million output tokens.")

    static let kind = Kind<TokenPrices>.mapping(keys: [input, cached, output]) { fields throws(Fields.Incomplete) in
        TokenPrices(input: try fields.value(input), cached: fields.written(cached), output: try fields.value(output))
    }
}
