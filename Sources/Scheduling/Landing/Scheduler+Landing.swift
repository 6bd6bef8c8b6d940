import Model

extension Scheduler {
    mutating func candidatePassed(_ passed: Fact.CandidatePassed) {
        guard let position = queue.position(of: passed.candidate), queue.chain[position].stage == .checking
        else { return }
        landingPause.recover()
        statistics.judged(after: passed.seconds)
        statistics.flaked(passed.checks.reduce(0) { $0 + $1.flakes })
        queue.setStage(.passed(commits: passed.commits), at: position)
        landFirst()
    }

    /// Lands the first candidate of the chain if it has passed; not while nobody is there to do it, since whoever takes
    /// the run up begins with an empty chain.
    private mutating func landFirst() {
        guard !isStopped, let first = queue.chain.first, case .passed(let commits) = first.stage else { return }
        queue.setStage(.landing, at: 0)
        emit(.land(.init(candidate: first.number, commits: commits)))
    }

    mutating func candidateFailed(_ failed: Fact.CandidateFailed) {
        guard let position = queue.position(of: failed.candidate), queue.chain[position].stage == .checking
        else { return }
        policy.failed()
        if failed.failure.kind.isVerdict {
            statistics.judged(after: failed.seconds)
            landingPause.recover()
        }
        if failed.failure.kind == .infrastructure { pauseLanding(after: failed.failure) }
        if failed.failure.kind == .conflict { crowding.collided(on: Set(failed.failure.places)) }
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
        guard position > 0, let after = candidate.after else {
            return judge(candidate, failed.failure, culprit: failed.task)
        }
        guard failed.failure.kind != .infrastructure else { return requeue(candidate) }
        // What is before it may be to blame.
        queue.suspend(candidate, after: after, failed.failure, culprit: failed.task)
        for index in candidate.tasks {
            move(index, to: .verified)
            emit(
                .wait(
                    .init(
                        task: entries[index].task.id,
                        reason:
                            "candidate \(candidate.number) failed; that counts once candidate \(after), on which it was "
                            + "built, has landed")))
        }
    }

    /// Ends what was begun on work that does not land as it is.
    private mutating func endAttempts(begunOn candidates: [Int]) {
        for index in entries.indices where entries[index].state == .running {
            guard let number = entries[index].begunOn, candidates.contains(number) else { continue }
            let summary = "candidate \(number), on which it was begun, does not land as it is"
            endAttempt(index, Failure(kind: .interrupted, summary: summary))
        }
    }

    /// The fact may also come from the integration branch itself, when the coordinator was killed between moving it
    /// and writing so. One about a candidate that is not the first cannot be: compare-and-swap kept it off the branch.
    mutating func landed(_ landed: Fact.Landed) {
        guard queue.chain.first?.number == landed.candidate else { return }
        let candidate = queue.removeFirst()
        if let commit = landed.commits.last { tip = commit.commit }
        statistics.landed(candidate.tasks.count)
        policy.landed()
        for index in candidate.tasks {
            move(index, to: .landed)
            if let evidence = entries[index].doubted { statistics.confirmed(evidence, turned: true) }
            entries[index].doubted = nil
            endRedo(index)
            releaseDependents(of: index)
        }
        if !crowding.isCrowded { width = min(Double(maxParallel), width + 0.5) }
        if let group = candidate.group { partLanded(ofGroup: group) }
        for suspended in queue.takeSuspended(after: candidate.number) {
            for index in suspended.candidate.tasks { move(index, to: .landing) }
            judge(suspended.candidate, suspended.failure, culprit: suspended.culprit)
        }
        landFirst()
    }

    mutating func tipMoved(_ found: ObjectID) {
        tip = found
        forgetBase()
        requeueAllCandidates()
    }

    /// All that is known of candidates was about another tip.
    mutating func requeueAllCandidates() {
        let groups = queue.groups
        queue.groups = []
        for group in groups { for index in group.tasks { insertInLine(index) } }
        for suspended in queue.takeAllSuspended() { for index in suspended.candidate.tasks { insertInLine(index) } }
        for candidate in queue.dissolve(from: 0).reversed() { requeue(candidate) }
    }

    /// Back to where the tasks came from.
    mutating func requeue(_ candidate: LandingQueue.Candidate) {
        for index in candidate.tasks { move(index, to: .verified) }
        putBack(candidate)
    }

    /// As `requeue`, of a candidate whose tasks are in the queue already.
    private mutating func requeueSuspended(_ candidate: LandingQueue.Candidate) { putBack(candidate) }

    private mutating func putBack(_ candidate: LandingQueue.Candidate) {
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
    /// The checks came to an end and said no.
    var isVerdict: Bool { self != .conflict && self != .infrastructure && self != .interrupted }
}
