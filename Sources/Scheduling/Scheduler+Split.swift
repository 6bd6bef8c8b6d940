package import Model

extension Scheduler {
    /// Decides about a worker's proposal to split its task. The parts may start at once; the task itself waits for them
    /// and then gets a last turn.
    mutating func splitProposed(_ proposed: Fact.SplitProposed) {
        var split = Decision.Split(
            task: proposed.task, attempt: proposed.attempt, request: proposed.request,
            collate: proposed.proposal.collate)
        guard let index = current(proposed.task, proposed.attempt) else {
            split.problems = ["the attempt has ended"]
            return emit(.split(split))
        }
        split.problems = problems(of: proposed.proposal, index)
        guard split.problems.isEmpty else { return emit(.split(split)) }
        split.parts = parts(proposed.proposal, of: index)
        entries[index].current.hasSplit = true
        emit(.split(split))
        add(split.parts, to: index)
    }

    /// Whether the attempt is running and its task was split meanwhile, so that its end is that of a split.
    package func hasSplit(_ task: TaskID, attempt: Int) -> Bool {
        current(task, attempt).map { entries[$0].current.hasSplit } ?? false
    }

    mutating func attemptSplit(_ split: Fact.AttemptSplit) {
        guard let index = current(split.task, split.attempt) else { return }
        endUsage(of: index, split.usage)
        guard entries[index].current.hasSplit else {
            return retryOrFail(
                index, after: Failure(kind: .workerExit, summary: "it ended as split, but the task was not split"))
        }
        gotThrough(entries[index].current.provider)
        faultsInRow = 0
        entries[index].infrastructureFaults = 0
        entries[index].refusals = 0
        if entries[index].afterAttempt == .skip { return obey(.skip, index) }
        entries[index].afterAttempt = nil
        join(index)
    }

    /// Lets a task whose attempt has ended with a split wait for its parts. The attempt is not counted.
    mutating func join(_ index: Index) {
        if entries[index].missing == 0 { makeReady(index) } else { move(index, to: .waiting) }
        let parts = Count.text(entries[index].parts.count, "part")
        emit(.join(.init(task: entries[index].task.id, reason: "split into \(parts); its last turn follows them")))
    }

    /// Counts the parts of a task that are not settled as dependencies that are missing.
    mutating func tellParent(of index: Index) {
        guard let parent = entries[index].parent else { return }
        if entries[index].state.isSettled {
            entries[parent].missing -= 1
            if entries[parent].missing == 0, entries[parent].state == .waiting { makeReady(parent) }
        } else {
            entries[parent].missing += 1
            if entries[parent].state == .ready { move(parent, to: .waiting) }
        }
    }

    /// Counts the parts of a task that is done as done, if they failed or were blocked. What a person skipped stays skipped.
    mutating func coverParts(of index: Index) {
        var open: [Index] = []
        var stack = entries[index].parts
        while let part = stack.popLast() {
            if [.failed, .blocked].contains(entries[part].state) { open.append(part) }
            stack += entries[part].parts
        }
        // Blocked parts come first: covering a failed part would make the parts that it blocks ready.
        let blocked = open.filter { entries[$0].state == .blocked }.sorted()
        let order = blocked + open.filter { entries[$0].state == .failed }.sorted()
        for part in order {
            move(part, to: .alreadyDone)
            entries[part].blockedBy = nil
            entries[part].awaitsAnswer = false
            emit(.cover(.init(task: entries[part].task.id, by: entries[index].task.id)))
        }
        for part in order { releaseDependents(of: part) }
    }

    /// Skips the parts of a skipped task that can still be given up.
    mutating func skipParts(of index: Index) {
        for part in entries[index].parts where !entries[part].state.isSettled { _ = giveUp(part) }
    }

    /// Why the last turn of a split task starts; nil for another attempt.
    func lastTurnWords(_ entry: Entry) -> String? {
        guard !entry.parts.isEmpty else { return nil }
        let landed = entry.parts.count { entries[$0].state.isDone }
        let rest = entry.parts.count - landed
        return "attempt \(entry.attempts), its last turn: \(landed) of \(Count.text(entry.parts.count, "part")) "
            + "\(landed == 1 ? "is" : "are") done"
            + (rest > 0 ? ", \(rest) failed or \(rest == 1 ? "was" : "were") skipped" : "")
    }

    // MARK: The proposal

    private func problems(of proposal: SplitProposal, _ index: Index) -> [String] {
        let entry = entries[index]
        guard let rules = splitRules else { return ["the plan does not allow tasks to be split (workers.split)"] }
        if !entry.parts.isEmpty { return ["the task was split before: this is its last turn"] }
        if entry.current.isEnding { return ["the attempt is being ended"] }
        if entry.depth >= rules.depth {
            return [
                "the task is itself a part of \(entry.task.partOf?.rawValue ?? "another task"), and the plan allows "
                    + "\(rules.depth == 1 ? "one division" : "\(rules.depth) divisions") (workers.split.depth)"
            ]
        }
        if let obstacle = obstacleToSplits { return [obstacle] }
        let problems = proposal.problems(in: entry.task, most: rules.most)
        return problems.isEmpty ? limitProblems(proposal.parts.count, rules) : problems
    }

    /// Why no part would be started now; nil if some would.
    private var obstacleToSplits: String? {
        if let key = spending.spent { return spending.words(key) }
        switch drain {
        case .asked(let reason): return "the run starts nothing more: \(reason)"
        case .spent(let key): return spending.words(key)
        case nil: break
        }
        switch pauseReason {
        case .paused(let reason), .checkpoint(let reason), .redTip(let reason), .sameFailure(let reason):
            return "the run is paused: \(reason)"
        case nil: return nil
        }
    }

    private func limitProblems(_ count: Int, _ rules: SplitRules) -> [String] {
        let known = entries.count { $0.parent != nil }
        if known + count > rules.mostInRun {
            return [
                "the run has \(Count.text(known, "part")) already and may have \(rules.mostInRun) "
                    + "(workers.split.max_tasks)"
            ]
        }
        guard let most = spending.budget.workers else { return [] }
        let room = max(0, most - spending.workers - spending.workersAwaited)
        guard count + 1 > room else { return [] }
        return [
            "\(Count.text(count, "part")) and the last turn need \(count + 1) workers; budget.workers leaves \(room)"
        ]
    }

    // MARK: The parts

    private func parts(_ proposal: SplitProposal, of index: Index) -> [MigrationTask] {
        let parent = entries[index].task
        // The scheduler ignores a dependency of a task on itself, which no part may inherit.
        let needs = parent.dependencies.filter { $0 != parent.id }
        var names: [TaskID] = []
        for number in proposal.parts.indices { names.append(freeName("\(parent.id).\(number + 1)")) }
        return proposal.parts.enumerated().map { number, part in
            let files = part.files.sorted()
            let before = proposal.predecessors(of: number).map { names[$0] }
            var task = MigrationTask(
                id: names[number], title: files.count == 1 ? files[0] : "\(files[0]) and \(files.count - 1) more",
                files: files, dependencies: Set(needs + before).sorted(),
                figures: .init(
                    lines: parent.figures.lines * files.count / max(1, parent.files.count),
                    fanIn: parent.figures.fanIn, fanOut: parent.figures.fanOut, cycle: parent.figures.cycle),
                stage: parent.stage,
                instructions: [parent.instructions, part.instructions].filter { !$0.isEmpty }.joined(separator: "\n\n"),
                tests: parent.tests, approve: parent.approve)
            task.derivedFrom = parent.derivedFrom
            task.partOf = parent.id
            return task
        }
    }

    private mutating func add(_ parts: [MigrationTask], to parent: Index) {
        let first = entries.count
        let (rung, urgency, depth) = (entries[parent].rung, entries[parent].urgency, entries[parent].depth + 1)
        add(parts) { entry in
            entry.rung = rung
            entry.urgency = urgency
            entry.depth = depth
            entry.parent = parent
        }
        entries[parent].parts = Array(first..<entries.count)
    }
}
