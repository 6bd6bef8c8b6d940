package import Model

/// Where the parts of a plan are in its file that have to fit the repository.
struct PlanPlaces: Sendable, Equatable {
    struct Stage: Sendable, Equatable {
        var scope: Place
        var globs: [Place] = []
        var tasks: [Task] = []
    }

    struct Task: Sendable, Equatable {
        var place: Place
        var files: [Place] = []
    }

    var plan: Place
    var repository: Place
    var base: Place
    var integration: Place
    var depends: Place
    var stages: [Stage] = []

    func place(of part: PlanFault.Part) -> Place {
        switch part {
        case .plan: plan
        case .repository: repository
        case .base: base
        case .integration: integration
        case .depends: depends
        case .scope(let stage, let glob): place(ofStage: stage) { $0.globs.at(glob) ?? $0.scope }
        case .task(let stage, let number, let entry):
            place(ofStage: stage) { stage in
                stage.tasks.at(number).map { $0.files.at(entry) ?? $0.place } ?? stage.scope
            }
        }
    }

    private func place(ofStage number: Int, _ part: (Stage) -> Place) -> Place {
        stages.at(number).map(part) ?? plan
    }
}

extension Array {
    fileprivate func at(_ index: Int?) -> Element? { index.flatMap { indices.contains($0) ? self[$0] : nil } }
}

extension PlanPlaces.Stage {
    init(_ draft: StageDraft) {
        let scope = draft.rules.scope
        self.init(scope: scope?.place ?? draft.place)
        if case .list(let globs)? = scope?.nodes[ScopeKeys.include.name]?.content { self.globs = globs.map(\.place) }
        guard let node = draft.rules.decompose?.nodes[DecomposeKeys.tasks.name] else { return }
        guard case .list(let nodes) = node.content else {
            tasks = [PlanPlaces.Task(place: node.place)]
            return
        }
        tasks = nodes.map { node in
            var task = PlanPlaces.Task(place: node.place)
            guard case .mapping(let entries) = node.content,
                let files = entries.first(where: { $0.key == ListedTaskKeys.files.name })?.value
            else { return task }
            task.place = files.place
            if case .list(let nodes) = files.content { task.files = nodes.map(\.place) }
            return task
        }
    }
}

extension LoadedPlan {
    /// Returns what is wrong with the plan in its repository, sorted by place.
    package func problems(_ faults: [PlanFault], shown file: String) -> PlanProblems {
        PlanProblems(
            faults.map { fault in
                let place = places.place(of: fault.part)
                return Diagnostic(
                    file: file, line: place.line, column: place.column, severity: fault.severity,
                    message: fault.message, hint: fault.hint)
            })
    }
}
