import Model

/// Keys of workers that are agents.
enum AgentKeys {
    static let events = Key.optional(
        "events", Kind<Worker.Events>.choice(), otherwise: "output is a log and nothing else",
        "Whose form standard output has; it goes to `transcript` then, and tokens, cost and the end are read from it.")
    static let home = Key.optional(
        "home", Kind<Worker.Home>.choice(), default: "user",
        "What `HOME` is: `task` is a folder of the task's own, so that nothing of the user's configuration is read.")
    static let provider = Key.optional(
        "provider", .text("a name", check: BranchName.partProblem), otherwise: "the worker's name",
        "Whose requests it makes; all workers of one provider wait when that is overloaded.")
    static let prices = Key.optional(
        "prices", PriceKeys.kind, otherwise: "cost is known only if the worker tells it",
        "What tokens cost, for a worker that does not tell.")
    static let capabilities = Key.optional(
        "capabilities", .list("a list of capabilities", of: Kind<Worker.Capability>.choice()), otherwise: "none",
        "What the program can do by itself: `mcp`, and keeping to `ORCHESTRATE_MAX_TURNS` and `ORCHESTRATE_MAX_USD`.")
    static let resume = Key.optional(
        "resume", .command(CommandTemplate.Placeholder.allCases, why: ""), otherwise: "every attempt starts afresh",
        "Shell command that goes on with the conversation `{session}`, for `retry: resume`.")
    static let probe = Key.optional(
        "probe", .text("a command"), otherwise: "nothing is asked",
        "Shell command that prints the program's version; `orchestrate workers` runs it.")
    static let login = Key.optional(
        "login", .text("a command"), otherwise: "nothing is asked",
        "Shell command that fails where the program is not logged in; `orchestrate workers` runs it. It must cost nothing."
    )

    static let all: [any AnyKey] = [events, home, provider, prices, capabilities, resume, probe, login]

    static func add(_ fields: Fields, to worker: inout Worker) {
        worker.events = fields.written(events)
        worker.home = fields.written(home)
        worker.provider = fields.written(provider)
        worker.prices = fields.written(prices)
        worker.capabilities = fields.written(capabilities)
        worker.resume = fields.written(resume)
        worker.probe = fields.written(probe)
        worker.login = fields.written(login)
        guard let resume = worker.resume else { return }
        PromptUse.check(resume, with: worker.prompt, at: fields.node(of: Self.resume), in: fields.context.findings)
        if (try? CommandTemplate(resume))?.placeholders.contains(.session) == false, let place = place(of: fields) {
            fields.context.findings.error(
                "the command has no {session}", at: place, hint: "put {session} where the program wants its name")
        }
        if worker.events == nil, let place = place(of: fields) {
            fields.context.findings.error(
                "'resume' without 'events'", at: place, hint: "the conversation's name is read from the events")
        }
    }

    private static func place(of fields: Fields) -> Place? { fields.node(of: resume)?.place }
}

enum PriceKeys {
    static let input = Key.required("input", .money, "Dollars for a million tokens of input.")
    static let cached = Key.optional("cached", .money, otherwise: "`input`", "The same for input from a cache.")
    static let output = Key.required("output", .money, "The same for output.")

    static let kind = Kind<TokenPrices>.mapping(keys: [input, cached, output]) { fields throws(Fields.Incomplete) in
        TokenPrices(input: try fields.value(input), cached: fields.written(cached), output: try fields.value(output))
    }
}
