import Foundation
package import Model

/// Reads `workers/<name>/worker.yaml`.
package enum WorkerFile {
    /// The file inside a worker's folder.
    package static let name = "worker.yaml"
    /// The prompt template in the same folder.
    package static let templateName = "prompt.md"

    /// - Parameters:
    ///   - path: the file, absolute or relative to the current folder.
    ///   - shown: the path in diagnostics; `path` if nil.
    package static func load(_ path: String, shown: String? = nil) -> Result<Worker, PlanProblems> {
        let shown = shown ?? path
        switch SourceFile.read(path, shown: shown) {
        case .failure(let refusal): return .failure(PlanProblems([refusal.diagnostic]))
        case .success(let text):
            let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().lastPathComponent
            return decode(text, file: shown, folder: folder).flatMap { withTemplate($0, beside: path, shown: shown) }
                .map { withFolder($0, beside: path) }
        }
    }

    /// Returns the worker with the prompt template of its folder, if there is one.
    private static func withTemplate(
        _ worker: Worker, beside path: String, shown: String
    ) -> Result<Worker, PlanProblems> {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let template = folder.appendingPathComponent(templateName).path
        guard FileManager.default.fileExists(atPath: template) else { return .success(worker) }
        let name = URL(fileURLWithPath: shown).deletingLastPathComponent().appendingPathComponent(templateName)
        var worker = worker
        switch SourceFile.read(template, shown: name.relativePath) {
        case .failure(let refusal): return .failure(PlanProblems([refusal.diagnostic]))
        case .success(let text): worker.template = text
        }
        return .success(worker)
    }

    /// Returns the worker with its folder in place of `{worker_dir}`.
    private static func withFolder(_ worker: Worker, beside path: String) -> Worker {
        let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
        var filled = worker
        filled.run = worker.run.filling(.workerFolder, with: folder)
        filled.resume = worker.resume?.filling(.workerFolder, with: folder)
        if filled.run != worker.run || filled.resume != worker.resume { filled.folder = folder }
        return filled
    }

    static func decode(_ text: String, file: String, folder: String) -> Result<Worker, PlanProblems> {
        let (draft, findings) = SourceDocument.decode(text, file: file, as: WorkerKeys.kind, unsupported: .worker)
        if let draft, draft.worker.name != folder {
            findings.error(
                "the worker is called '\(draft.worker.name)', but its folder is '\(folder)'", at: draft.namePlace,
                hint: "a plan finds a worker by its folder: give both the same name")
        }
        guard let draft, !findings.hasErrors else { return .failure(PlanProblems(findings.diagnostics)) }
        return .success(draft.worker)
    }
}

enum WorkerKeys {
    static let version = Key.required("version", .exactly(1), meaning: "Version of this format.")
    static let name = Key.required(
        "name", .text("a name", check: BranchName.partProblem), meaning: "Name of the worker, the same as its folder.")
    static let description = Key.optional(
        "description", .text("a text"), otherwise: "none", meaning: "One line that describes the worker.")
    static let run = Key.required(
        "run",
        .command(CommandTemplate.Placeholder.ofWorkers + [.workerFolder], why: "a worker does not know its plans"),
        meaning: "Shell command that does the work.")
    static let prompt = Key.optional(
        "prompt", Kind<Worker.PromptInput>.choice(), default: "none", meaning: "How the worker receives its prompt.")
    static let environment = Key.optional(
        "environment", .environment, default: [],
        meaning: "Environment of the worker. `NAME` passes a variable through, `NAME=value` sets it.")
    static let limits = Key.optional("limits", LimitKeys.kind, default: [:], meaning: "Limits on one attempt.")
    static let network = Key.optional(
        "network", NetworkKeys.kind, default: "none", meaning: "Network access of the worker.")

    static let kind = Kind<WorkerDraft>.mapping(
        keys: [version, name, description, run, prompt, environment, limits, network] + AgentKeys.all,
        hasExtensions: true
    ) { fields throws(Fields.Incomplete) in
        var worker = Worker(
            name: try fields.value(name), summary: fields.written(description) ?? "", run: try fields.value(run),
            prompt: try fields.value(prompt), environment: try fields.value(environment),
            limits: try fields.value(limits).limits, network: fields.written(network),
            resources: try fields.value(limits).resources)
        AgentKeys.add(fields, to: &worker)
        PromptUse.check(worker.run, with: worker.prompt, at: fields.node(of: run), in: fields.context.findings)
        return WorkerDraft(worker: worker, namePlace: fields.place(of: name))
    }
}

/// A worker, before its name is compared with its folder.
struct WorkerDraft: Sendable {
    var worker: Worker
    var namePlace: Place
}

enum LimitKeys {
    static let timeout = Key.optional("timeout", .duration, default: "15m", meaning: "Time limit of an attempt.")
    static let idleTimeout = Key.optional(
        "idle_timeout", .duration, otherwise: "no limit",
        meaning: "Stop an attempt as stuck after this long without output, a changed file or processor time.")
    static let output = Key.optional(
        "output", .size, default: "10M", meaning: "Maximum output to keep. The rest is dropped.")
    static let turns = Key.optional("turns", .positive, otherwise: "no limit", meaning: "Maximum answers of the model.")
    static let usd = Key.optional("usd", .money, otherwise: "no limit", meaning: "Maximum cost in US dollars.")
    static let tokens = Key.optional(
        "tokens", .count, otherwise: "no limit", meaning: "Maximum tokens, including cached ones.")

    static let kind = Kind<(limits: Worker.Limits, resources: ResourceLimits)>.mapping(
        keys: [timeout, idleTimeout, output, turns, usd, tokens] + ResourceKeys.all
    ) { fields throws(Fields.Incomplete) in
        (
            Worker.Limits(
                timeout: try fields.value(timeout), output: try fields.value(output), turns: fields.written(turns),
                usd: fields.written(usd), tokens: fields.written(tokens), idle: fields.written(idleTimeout)),
            ResourceKeys.limits(of: fields)
        )
    }
}

/// Checks that a command matches the way in which it receives its prompt.
enum PromptUse {
    static func check(_ command: String, with prompt: Worker.PromptInput, at node: SourceNode?, in findings: Findings) {
        guard let node, let template = try? CommandTemplate(command) else { return }
        let speaksOfPrompt = template.placeholders.contains(.prompt)
        switch prompt {
        case .none, .stdin:
            if speaksOfPrompt {
                findings.error(
                    "{prompt} has no value with 'prompt: \(prompt.rawValue)'", at: node.place,
                    hint: "write 'prompt: file' or 'prompt: argument'")
            }
        case .file, .argument:
            if !speaksOfPrompt {
                findings.error(
                    "'prompt: \(prompt.rawValue)' needs {prompt} in the command", at: node.place,
                    hint: "put {prompt} where the command expects it, or write 'prompt: stdin'")
            }
        }
    }
}
