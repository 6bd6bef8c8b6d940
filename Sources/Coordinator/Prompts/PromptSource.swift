import DependencyGraph
import Foundation
import Git
import Jobs
import Model
import Prompts

/// A builder of prompts. Its calls block.
struct PromptSource: Sendable {
    let run: RunID
    let plan: Plan
    let repository: Repository
    let graph: BaseGraph
    let jobsFolder: String
    let register: TaskRegister
    let router: MessageRouter
    /// What reviewers of pull requests said; nil for nothing.
    var requestNotes: RequestNotes?
    /// Returns the rules of a stage's guards as text, by the stage's position.
    let rules: @Sendable (Int) -> [String]

    /// Returns the prompt of an attempt.
    func prompt(for attempt: Attempt) -> AssembledPrompt {
        let (task, worker) = (attempt.task, attempt.worker)
        var material = PromptMaterial(
            goal: plan.goal, task: task, verify: plan.stages[task.stage].verify, rules: rules(task.stage),
            attempt: attempt.number, failures: attempt.failures.map(\.forWorkers))
        material.split = attempt.maxParts.map { .init(most: $0, tool: hasSplitTool(worker) ? "split" : nil) }
        material.lastTurn = attempt.lastTurn
        material.notes = [attempt.note, requestNotes?.text(for: task.id)].compactMap { $0 }
        material.playbook = plan.playbook.map { Playbook($0).prompt } ?? ""
        material.examples = plan.examples ?? []
        material.messages = router.rankedMessages(for: task)
        material.lessons = router.lessons?.text ?? ""
        // These parts take time, so they are built only for a worker that reads its prompt.
        if worker.prompt != .none {
            material.mail = plan.context.share == .none ? nil : Self.mail(of: worker)
            material.landed = register.landedNotes(before: task)
            material.neighbours = (try? neighbours(of: task, at: attempt.base)) ?? []
            material.solved = solutions(for: task)
            addConventions(to: &material, for: attempt)
            if plan.context.share == .everything { material.transcripts = transcripts(for: task) }
        }
        let assembly = PromptAssembly(
            material, template: template(of: worker), sharedBudget: plan.context.budgetTokens)
        return sizeToStayBelow(attempt).map { assembly.assemble(within: $0) } ?? assembly.assemble()
    }

    /// Returns the tokens of the smallest prompt so far, if one was larger than the model's window.
    private func sizeToStayBelow(_ attempt: Attempt) -> Int? {
        let wasTooLarge = attempt.failures.contains {
            $0.kind == .workerExit && WindowExceeded(message: $0.summary) != nil
        }
        guard wasTooLarge, attempt.number > 1 else { return nil }
        let sizes = (1..<attempt.number).compactMap { number -> Int? in
            let job = JobFolder(existing: "\(jobsFolder)/\(run)/\(attempt.task.id)/\(number)")
            return (try? UntrustedFile.Reader(job.prompt))?.size
        }
        return sizes.min().map { $0 / TokenEstimate.bytesPerToken }
    }

    private func addConventions(to material: inout PromptMaterial, for attempt: Attempt) {
        guard let tree = try? repository.treeOf(attempt.base) else { return }
        let files = ConventionFiles(repository: repository, tree: tree, known: Set(attempt.worker.reads ?? []))
        material.conventions = (try? files.atRoot()) ?? []
        material.directoryConventions = (try? files.near(attempt.task.files)) ?? []
    }

    /// Maximum tokens of one example. A larger diff teaches less than it costs.
    private static let largestExample = 400

    /// Returns the diffs of the first landed tasks with files of the same kind that are small enough.
    private func solutions(for task: MigrationTask) -> [PromptMaterial.Solution] {
        let most = plan.context.landedExamples ?? ContextRules.defaultLandedExamples
        guard most > 0 else { return [] }
        let all = register.pioneers(of: task).lazy.compactMap { id, commit -> PromptMaterial.Solution? in
            guard let parent = try? repository.commit(commit).parents.first,
                let diff = try? repository.patch(
                    from: repository.treeOf(parent), to: repository.treeOf(commit), context: 2),
                !diff.isEmpty, TokenEstimate.tokens(diff) <= Self.largestExample
            else { return nil }
            return .init(task: id, diff: diff)
        }
        return Array(all.prefix(most))
    }

    /// Throws `CoordinatorError.template` for the first worker of the plan with an invalid template.
    static func checkTemplates(of plan: Plan) throws(CoordinatorError) {
        for rung in plan.stages.flatMap(\.ladder) {
            guard let text = rung.worker.template else { continue }
            do throws(PromptTemplate.Problem) {
                _ = try PromptTemplate(parsing: text)
            } catch {
                throw .template(worker: rung.worker.name, line: error.line, reason: error.description)
            }
        }
    }

    /// Returns the worker's template. An invalid one is refused before a run starts; one in an older log is ignored.
    private func template(of worker: Worker) -> PromptTemplate {
        worker.template.flatMap { try? PromptTemplate(parsing: $0) } ?? .standard
    }

    /// Whether a worker has a tool with which it splits its task.
    private func hasSplitTool(_ worker: Worker) -> Bool {
        worker.capabilities?.contains(.mcp) == true && plan.context.share != .none
    }

    /// Returns how a worker sends messages. Commands are not explained to one that has tools for it.
    private static func mail(of worker: Worker) -> PromptMaterial.MailAccess {
        if worker.events == .orchestrate { return .tools(["send_message", "ask", "read_messages"]) }
        let hasTools = worker.capabilities?.contains(.mcp) == true
        return hasTools ? .tools(["send_message", "ask", "read_messages", "search_messages"]) : .commands
    }

    private static let mostNeighbours = 20
    private static let mostDeclarations = 60
    private static let largestFile = 1 << 20

    /// Returns the files outside of the task that its files depend on, with their declarations at the base.
    private func neighbours(of task: MigrationTask, at base: ObjectID) throws -> [PromptMaterial.Neighbour] {
        let graph = try graph.value()
        let own = Set(task.files)
        var references: [String: Int32] = [:]
        for file in task.files.compactMap(graph.index) {
            for edge in graph.edges(from: file) where edge.kind != .weak {
                references[graph.files[Int(edge.to)].path, default: 0] += edge.references
            }
        }
        let paths = references.filter { !own.contains($0.key) }.sorted { a, b in
            a.value != b.value ? a.value > b.value : a.key < b.key
        }
        let tree = try repository.treeOf(base)
        return try paths.prefix(Self.mostNeighbours).compactMap { path, _ in
            guard let entry = try repository.entry(path, inTree: tree),
                let source = try repository.bytes(of: entry.id, limit: Self.largestFile)
            else { return nil }
            guard let all = Declaration.exported(in: source, path: path), !all.isEmpty else { return nil }
            return .init(path: path, declarations: all.prefix(Self.mostDeclarations).map(\.signature))
        }
    }

    /// Bytes that are read from the end of a transcript, which says what worked.
    private static let transcriptTail = 8 << 10
    private static let mostTranscripts = 8

    private func transcripts(for task: MigrationTask) -> [PromptMaterial.Transcript] {
        register.teachers(of: task).prefix(Self.mostTranscripts).compactMap { id in
            let folder = "\(jobsFolder)/\(run)/\(id)"
            let attempts = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            guard let last = attempts.compactMap(Int.init).max() else { return nil }
            let job = JobFolder(existing: "\(folder)/\(last)")
            for path in [job.transcript, job.log] {
                guard let file = try? UntrustedFile.Reader(path), file.size > 0 else { continue }
                let start = max(0, file.size - Self.transcriptTail)
                guard let bytes = try? file.read(at: start, count: Self.transcriptTail) else { continue }
                return .init(task: id, text: OutsideText.lines(String(decoding: bytes, as: UTF8.self)))
            }
            return nil
        }
    }
}
