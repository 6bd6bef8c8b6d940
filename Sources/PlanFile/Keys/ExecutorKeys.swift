package import Model

/// The keys of the user's `executors.yaml`, and those of plans that name executors.
enum ExecutorKeys {
    /// The word of plans for the slots of this machine.
    static let here = "here"

    static let name = Kind<String>.text("an executor's name") { BranchName.partProblem(with: $0) }

    static let cores = Key.optional(
        "cores", .positive, otherwise: "the engine's default", meaning: "Number of processor cores.")
    static let memory = Key.optional(
        "memory", .size, otherwise: "the engine's default", meaning: "Memory, such as `4G`.")
    static let disk = Key.optional(
        "disk", .size, otherwise: "the engine's default", meaning: "Room for temporary files, such as `20G`.")

    static let resources = Kind<JobResources>.mapping(keys: [cores, memory, disk]) {
        fields throws(Fields.Incomplete) in
        JobResources(cores: fields.written(cores), memory: fields.written(memory), disk: fields.written(disk))
    }
}

enum ExecutorEntryKeys {
    static let name = Key.required(
        "name", ExecutorKeys.name, meaning: "Name of the executor, for the key `executor` of plans.")
    static let kind = Key.required(
        "kind", Kind<ExecutorSettings.Kind>.choice(),
        meaning:
            "`local`: processes of this machine. `ssh`: machines behind SSH. `slurm`: the jobs of a Slurm cluster, whose "
            + "nodes share the folder `files`. `kubernetes`: the pods of a cluster, through `kubectl`.")
    static let hosts = Key.optional(
        "hosts", .list("a list of hosts", of: HostKeys.kind, mayBeEmpty: false), otherwise: "this machine",
        meaning: "Machines of `ssh`. For `slurm`, the one that has `sbatch`.")
    static let slots = Key.optional(
        "slots", .parallel, default: .integer(ExecutorSettings.defaultSlots),
        meaning: "Attempts that run at once; for `ssh`, on each host without a number of its own.")
    static let files = Key.optional(
        "files", .text("a folder", check: folderProblem), default: .string(ExecutorSettings.defaultFiles),
        meaning:
            "Folder for objects, slots and jobs on the machines: absolute, or below `~/`. In pods, the folder where an "
            + "empty volume is mounted; default there: `\(ExecutorSettings.defaultPodFiles)`.")
    static let program = Key.optional(
        "program", .text("a path", check: folderProblem),
        otherwise: "where `executors install` puts it; this program without hosts; in pods the one in `PATH`",
        meaning: "Path of `orchestrate` on the machines.")
    static let environment = Key.optional(
        "environment", .list("a list of `NAME=value`", of: .text("`NAME=value`", check: entryProblem)), default: [],
        meaning: "Variables that are set on the machines.")
    static let resources = Key.optional(
        "resources", ExecutorKeys.resources, otherwise: "the engine's defaults",
        meaning: "What an attempt needs, unless its plan says otherwise. Slurm and Kubernetes use it.")
    static let options = Key.optional(
        "options", .list("a list of words", of: .text("a word")), default: [],
        meaning: "Further arguments of `ssh`, `sbatch` or `kubectl`.")
    static let queue = Key.optional(
        "queue", .text("a queue"), otherwise: "the default one",
        meaning: "Partition of Slurm, or local queue of Kueue, which then decides when pods start.")
    static let rate = Key.optional(
        "rate", .positive, default: .integer(Int(ExecutorSettings.defaultRate)),
        meaning: "Most attempts that are started in a second.")
    static let lease = Key.optional(
        "lease", .duration, default: .string("\(Int(ExecutorSettings.defaultLease))s"),
        meaning: "How long a machine may be silent before its attempts count as lost and are made again.")
    static let source = Key.optional(
        "source", .text("`bundle`, a URL or a folder"), default: "bundle",
        meaning:
            "Where the machines get the plan's base from: from here as a Git bundle, from a URL that Git can fetch, or "
            + "from a Git directory on a file system that they share. The commits of the run always come from here.")

    static let all: [any AnyKey] =
        [
            name, kind, hosts, slots, files, program, environment, resources, options, queue, rate, lease, source,
        ] + PodKeys.all

    static let entry = Kind<ExecutorSettings?>.mapping(keys: all) { fields throws(Fields.Incomplete) in
        let (name, kind) = (try fields.value(name), try fields.value(kind))
        let slots = try fields.value(slots)
        let written = fields.written(hosts) ?? []
        if kind == .ssh, fields.node(of: hosts) == nil {
            fields.context.findings.error(
                "executor '\(name)' has no hosts", at: fields.place, hint: "list the machines under 'hosts'")
        }
        if kind == .local, let node = fields.node(of: hosts) {
            fields.context.findings.error(
                "executor '\(name)' is this machine, so it has no hosts", at: node.place,
                hint: "leave 'hosts' out, or set 'kind: ssh'")
        }
        if kind == .slurm, written.count > 1 {
            fields.context.findings.error(
                "executor '\(name)' names more than one machine with sbatch", at: fields.place(of: hosts),
                hint: "name one machine that can submit jobs")
        }
        let pods = try PodKeys.settings(fields, isCluster: kind == .kubernetes, executor: name)
        if kind == .kubernetes, let node = fields.node(of: hosts) {
            fields.context.findings.error(
                "executor '\(name)' is a cluster, so it has no hosts", at: node.place,
                hint: "leave 'hosts' out; 'context' names the cluster")
        }
        let text = try fields.value(source)
        let source: JobOrder.Source =
            text == "bundle" ? .bundle : text.hasPrefix("/") ? .folder(text) : .url(text)
        return ExecutorSettings(
            name: name, kind: kind,
            hosts: written.map { .init(name: $0.name, slots: $0.slots ?? slots) }, slots: slots,
            files: try folder(fields, isCluster: kind == .kubernetes), program: fields.written(program),
            environment: try fields.value(environment), resources: fields.written(resources) ?? JobResources(),
            options: try fields.value(options), queue: fields.written(queue), rate: Double(try fields.value(rate)),
            lease: try fields.value(lease), source: source, pods: pods)
    }

    private static func folder(_ fields: Fields, isCluster: Bool) throws(Fields.Incomplete) -> String {
        guard isCluster else { return try fields.value(files) }
        guard let written = fields.written(files) else { return ExecutorSettings.defaultPodFiles }
        if !written.hasPrefix("/") {
            fields.context.findings.error(
                "'executors.files': pods need a path that starts with '/'", at: fields.place(of: files),
                hint: "an empty volume is mounted there")
        }
        return written
    }

    @Sendable private static func folderProblem(_ text: String) -> TextProblem? {
        text.hasPrefix("/") || (text.hasPrefix("~/") && text.count > 2)
            ? nil : TextProblem(message: "expected a path that starts with '/' or '~/'")
    }

    @Sendable private static func entryProblem(_ text: String) -> TextProblem? {
        text.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]*=.*/#) == nil
            ? TextProblem(message: "expected NAME=value", hint: "values of this machine are not passed on by name here")
            : nil
    }
}

/// A machine, as a name or with a number of slots.
enum HostKeys {
    struct Draft: Sendable {
        var name: String
        /// nil for the executor's number.
        var slots: Int?
    }

    private static let text = Kind<String>.text("a host") { text in
        text.hasPrefix("-") || text.contains(where: \.isWhitespace)
            ? TextProblem(message: "a host is a name, 'user@name', or an entry of ssh's configuration") : nil
    }

    static let host = Key.required("host", text, meaning: "As on the command line of `ssh`.")
    static let slots = Key.optional(
        "slots", .parallel, otherwise: "those of the executor", meaning: "Attempts that run there at once.")

    private static let mapping = Kind<Draft>.mapping(keys: [host, slots]) { fields throws(Fields.Incomplete) in
        Draft(name: try fields.value(host), slots: fields.written(slots))
    }

    static let kind = mapping.or(text.map { text, _ in Draft(name: text, slots: nil) })
}

/// Reads `executors.yaml` of the user's configuration.
package enum ExecutorsFile {
    /// The file inside the folder of the user's configuration.
    package static let name = "executors.yaml"

    private static let version = Key.required("version", .exactly(1), meaning: "Version of this format.")
    private static let executors = Key.required(
        "executors", .list("a list of executors", of: ExecutorEntryKeys.entry), meaning: "The executors.")

    static let kind = Kind<[ExecutorSettings]>.mapping(keys: [version, executors]) {
        fields throws(Fields.Incomplete) in
        let found = try fields.value(executors).compactMap { $0 }
        var names: Set<String> = [ExecutorKeys.here]
        for settings in found where !names.insert(settings.name).inserted {
            fields.context.findings.error(
                settings.name == ExecutorKeys.here
                    ? "the name 'here' stands for the slots of this machine"
                    : "two executors are called '\(settings.name)'",
                at: fields.place(of: executors), hint: "choose another name")
        }
        return found
    }

    package static func load(_ path: String) -> Result<[ExecutorSettings], PlanProblems> {
        switch SourceFile.read(path, shown: path) {
        case .failure(let refusal): return .failure(PlanProblems([refusal.diagnostic]))
        case .success(let text):
            let (settings, findings) = SourceDocument.decode(
                text, file: path, as: kind, unsupported: Unsupported(keys: [:], values: [:]))
            guard let settings, !findings.diagnostics.contains(where: { $0.severity == .error }) else {
                return .failure(PlanProblems(findings.diagnostics))
            }
            return .success(settings)
        }
    }
}

extension Plan {
    /// Gives the steps of ladders the plan's executor and resources, unless they have their own.
    mutating func fillExecutors(_ executor: String?, _ resources: JobResources?) {
        func fill(_ ladder: inout [Rung]) {
            for index in ladder.indices {
                let chosen = ladder[index].executor ?? executor
                ladder[index].executor = chosen == ExecutorKeys.here ? nil : chosen
                let needs = (ladder[index].needs ?? JobResources()).completed(by: resources ?? JobResources())
                ladder[index].needs = needs == JobResources() ? nil : needs
            }
        }
        fill(&workers.ladder)
        for stage in stages.indices { fill(&stages[stage].ladder) }
    }
}
