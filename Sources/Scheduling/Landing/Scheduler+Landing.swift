import Model

extension Scheduler {
    mutating func candidatePassed(_ passed: Fact.CandidatePassed) {
        guard let position = queue.position(of: passed.candidate), queue.chain[position].stage == .checking
        else { return }
        landingCooldown.recover()
        statistics.judged(after: passed.seconds)
        statistics.flaked(passed.checks.reduce(0) { $0 + $1.flakes })
        queue.setStage(.passed(commits: passed.commits), at: position)
        landFirst()
    }

    /// Lands the first candidate of the chain if it has passed and a coordinator is there. The next coordinator would start
    /// with an empty chain.
    private mutating func landFirst() {
        guard !isStopped, let first = queue.chain.first, case .passed(let commits) = first.stage else { return }
        queue.setStage(.landing, at: 0)
        emit(.land(.init(candidate: first.number, commits: commits)))
    }

    mutating func candidateFailed(_ failed: Fact.CandidateFailed) {
        guard let position = queue.position(of: failed.candidate), queue.chain[position].stage == .checking
        else { return dissolvedFailed(failed) }
        policy.failed()
        if failed.failure.kind.isVerdict {
            statistics.judged(after: failed.seconds)
            landingCooldown.recover()
        }
        if failed.failure.kind == .infrastructure { pauseLanding(after: failed.failure) }
        if failed.failure.kind == .conflict { collisionDetector.collided(on: Set(failed.failure.places)) }
        let dissolved = queue.dissolve(from: position)
        let reason = "candidate \(failed.candidate), on which it was built, failed"
        for candidate in dissolved.dropFirst().reversed() {
            requeue(candidate)
            emit(.dissolve(.init(candidate: candidate.number, reason: reason)))
        }
        if failed.failure.kind != .infrastructure { endAttempts(begunOn: dissolved.map(\.number)) }
        guard let candidate = dissolved.first else { return }
        for above in dissolved {
            for suspended in queue.takeSuspended(after: above.number) { requeueSuspended(suspended.candidate) }
        }
        let red = LandingQueue.Red(
            candidate: candidate, failure: failed.failure, culprit: failed.task, base: failed.tip)
        guard position > 0, let after = candidate.after else { return judge(red) }
        guard failed.failure.kind != .infrastructure else { return requeue(candidate) }
        if isCauseOpen(red) {
            // The task's own commit does not depend on the candidates before it.
            return probeOwn(red, .once, ground: .candidate(after))
        }
        for index in candidate.tasks { move(index, to: .verified) }
        suspend(red, after: after)
    }

    /// Keeps a negative verdict until the candidate before it, which may have caused it, has landed.
    mutating func suspend(_ red: LandingQueue.Red, after: Int) {
        queue.suspend(red, after: after)
        let reason =
            "candidate \(red.candidate.number) failed; that counts once candidate \(after), on which it was built, has "
            + "landed"
        for index in red.candidate.tasks { emit(.wait(.init(task: entries[index].task.id, reason: reason))) }
    }

    /// Uses the verdict on a candidate that was dissolved meanwhile: its tree has failed all the same.
    private mutating func dissolvedFailed(_ failed: Fact.CandidateFailed) {
        guard let tasks = queue.takeDissolved(failed.candidate), tasks.count == 1 else { return }
        let candidate = LandingQueue.Candidate(number: failed.candidate, tasks: tasks, after: nil, group: nil)
        let red = LandingQueue.Red(
            candidate: candidate, failure: failed.failure, culprit: failed.task, base: failed.tip)
        guard isCauseOpen(red), entries[tasks[0]].state == .verified, queue.remove(tasks[0]) else { return }
        statistics.judged(after: failed.seconds)
        probeOwn(red, .once, ground: .gone)
    }

    /// Ends the attempts that were started on candidates which do not land as they are.
    private mutating func endAttempts(begunOn candidates: [Int]) {
        for index in begunOnChain.sorted() {
            guard let number = entries[index].begunOn, candidates.contains(number) else { continue }
            let summary = "candidate \(number), on which it was begun, does not land as it is"
            endAttempt(index, Failure(kind: .interrupted, summary: summary))
        }
    }

    /// Handles a landing. The fact may also be read from the integration branch, if the coordinator was killed between moving
    /// the branch and recording it. Only the first candidate can have landed, because of the compare-and-swap.
    mutating func landed(_ landed: Fact.Landed) {
        guard queue.chain.first?.number == landed.candidate else { return }
        let candidate = queue.removeFirst()
        if let commit = landed.commits.last { tip = commit.commit }
        statistics.landed(candidate.tasks.count)
        policy.landed(candidate.group == nil ? candidate.tasks.count : nil)
        if landsInPart { tipPassedInPart() } else { tipIsGreen() }
        sameFailures.end()
        let changed = Set(landed.commits.map(\.task))
        for index in candidate.tasks {
            move(index, to: changed.contains(entries[index].task.id) ? .landed : .alreadyDone)
            if let evidence = entries[index].doubted { statistics.confirmed(evidence, turned: true) }
            entries[index].doubted = nil
            endRedo(index)
            releaseDependents(of: index)
            coverParts(of: index)
            reverted(by: index)
        }
        if !collisionDetector.nearlyAllCollide { width = min(Double(maxParallel), width + 0.5) }
        if let group = candidate.group { partLanded(ofGroup: group) }
        for suspended in queue.takeSuspended(after: candidate.number) {
            for index in suspended.candidate.tasks { move(index, to: .landing) }
            judge(suspended.red)
        }
        landFirst()
    }

    mutating func tipMoved(_ found: ObjectID) {
        // Unchanged where a commit to land was gone: candidates are built again on the same tip.
        if found != tip { forgetBase() }
        tip = found
        forgetTip()
        requeueAllCandidates()
    }

    /// Puts all candidates and groups back in line, because their results were about another tip.
    mutating func requeueAllCandidates() {
        let groups = queue.groups
        queue.groups = []
        for group in groups { for index in group.tasks { insertInLine(index) } }
        for probe in queue.takeAllProbes() { insertInLine(probe.task) }
        for held in queue.takeAllHeld() { insertInLine(held.task) }
        for suspended in queue.takeAllSuspended() { for index in suspended.candidate.tasks { insertInLine(index) } }
        for candidate in queue.dissolve(from: 0).reversed() { requeue(candidate) }
    }

    /// Returns the tasks of a candidate to their group or to the line.
    mutating func requeue(_ candidate: LandingQueue.Candidate) {
        for index in candidate.tasks { move(index, to: .verified) }
        putBack(candidate)
    }

    /// Like `requeue`, for a candidate whose tasks are verified already.
    private mutating func requeueSuspended(_ candidate: LandingQueue.Candidate) { putBack(candidate) }

    mutating func putBack(_ candidate: LandingQueue.Candidate) {
        if let group = queue.groups.firstIndex(where: { $0.number == candidate.group }) {
            queue.groups[group].tasks.insert(contentsOf: candidate.tasks, at: 0)
        } else {
            for index in candidate.tasks { insertInLine(index) }
        }
    }

    mutating func insertInLine(_ index: Index) {
        if let place = entries[index].place { queue.insert(index, place: place) }
    }
}

extension Failure.Kind {
    /// Whether the checks ended with a negative result.
    var isVerdict: Bool { ![.conflict, .infrastructure, .interrupted, .brokenSetup].contains(self) }
}
