import Model

/// What the failure of a task alone means.
///
/// A task that failed on another base than its own is to blame if its own commit fails on its own base; else it collided
/// with what landed since. No task is to blame if the tip itself is red.
extension Scheduler {
    /// What is known of the tip's own tree.
    enum TipVerdict: Sendable, Equatable {
        case unknown
        /// The checks of the tip are running.
        case asked
        case green
        case red(String)
    }

    /// Tasks that have to fail alone before a red tip pauses the run: a single one may have failed for its own reason.
    private static let fewestHeld = 3
    /// Rejections without a landing in between, after which a tip that was green is checked again.
    private static let mostRejections = 5

    /// Whether the verdict on the task's own commit is missing, without which the cause of its failure is unknown.
    func isCauseOpen(_ red: LandingQueue.Red) -> Bool {
        guard red.candidate.tasks.count == 1, red.failure.kind.isVerdict else { return false }
        let entry = entries[red.candidate.tasks[0]]
        return !entry.passedAlone && entry.verified.map { $0.base != red.base } ?? false
    }

    /// Has the landing checks run on the task's own commit.
    mutating func probeOwn(
        _ red: LandingQueue.Red, _ evidence: LandingStatistics.Evidence, ground: LandingQueue.Probe.Ground
    ) {
        let index = red.candidate.tasks[0]
        guard let verified = entries[index].verified else { return }
        if entries[index].state == .landing { move(index, to: .verified) }
        // A run that is stopped begins no check. The next coordinator checks the candidate again.
        if isAskedToEnd { return putBack(red.candidate) }
        queue.add(.init(red: red, evidence: evidence, ground: ground))
        emit(
            .probe(
                .init(
                    .own, task: verified.task, attempt: verified.attempt, commit: verified.commit,
                    reason:
                        "it failed alone; the landing checks run on its own base, to tell its own failure from a collision",
                    isRecheck: distrustsRed)))
    }

    mutating func probed(_ probed: Fact.Probed) {
        if probed.outcome != .unknown { statistics.judged(after: probed.seconds) }
        switch probed.subject {
        case .own: probedOwn(probed)
        case .tip: probedTip(probed)
        }
    }

    private mutating func probedOwn(_ probed: Fact.Probed) {
        guard let index = indexOf[probed.task], entries[index].verified?.attempt == probed.attempt,
            let probe = queue.takeProbe(of: index)
        else { return }
        switch probed.outcome {
        case .passed:
            entries[index].passedAlone = true
            switch probe.ground {
            case .gone: putBack(probe.red.candidate)
            case .candidate(let after): suspend(probe.red, after: after)
            case .tip:
                if let group = probe.red.candidate.group { disband(group) }
                failedAlone(probe.red, probe.evidence)
            }
        case .failed:
            if let group = probe.red.candidate.group { disband(group) }
            statistics.failedAlone(probe.evidence)
            if let doubt = entries[index].doubted { statistics.confirmed(doubt, turned: false) }
            entries[index].doubted = nil
            reject(index, probed.failure ?? probe.red.failure)
        case .unknown:
            entries[index].infrastructureFaults += 1
            let failure = probed.failure ?? probe.red.failure
            guard entries[index].infrastructureFaults < Self.faultLimit else {
                return reject(index, probe.red.failure)
            }
            pauseLanding(after: failure)
            putBack(probe.red.candidate)
        }
    }

    // MARK: The tip

    /// Counts a failure against a task, unless the tip itself may be red.
    mutating func reject(_ index: Index, _ failure: Failure) {
        if tipVerdict == .green, rejectionsInRow < Self.mostRejections { return rejectNow(index, failure) }
        if entries[index].state == .landing { move(index, to: .verified) }
        queue.hold(index, failure)
        emit(
            .wait(.init(task: entries[index].task.id, reason: "it failed alone; the tip that it failed on is checked")))
        askTip(about: index)
    }

    /// Has the landing checks run on the tip, unless its verdict is known to be red or on its way.
    mutating func askTip(about index: Index) {
        if case .red = tipVerdict { return }
        guard tipVerdict != .asked, !isAskedToEnd else { return }
        let isRecheck = distrustsRed || tipVerdict == .green
        tipVerdict = .asked
        emit(
            .probe(
                .init(
                    .tip, task: entries[index].task.id, attempt: entries[index].verified?.attempt ?? 0, commit: tip,
                    reason: "tasks fail; the landing checks run on the tip itself", isRecheck: isRecheck)))
    }

    private mutating func rejectNow(_ index: Index, _ failure: Failure) {
        rejectionsInRow += 1
        statistics.rejectedOne()
        entries[index].doubted = nil
        retryOrFail(index, after: failure)
    }

    private mutating func probedTip(_ probed: Fact.Probed) {
        guard tipVerdict == .asked, probed.commit == tip else { return }
        rejectionsInRow = 0
        failuresOnTip = 0
        switch probed.outcome {
        case .failed: tipVerdict = .red(probed.failure?.summary ?? "a landing check failed")
        // A machine that cannot tell is no reason to keep a task from being judged.
        case .passed, .unknown:
            tipVerdict = probed.outcome == .passed ? .green : .unknown
            for held in queue.takeAllHeld() { rejectNow(held.task, held.failure) }
        }
    }

    /// Pauses the run if the tip is red and what failed on it can say no more.
    mutating func pauseOnRedTip() {
        guard case .red(let words) = tipVerdict, pauseReason == nil, !queue.held.isEmpty else { return }
        let isAllHeld = running == 0 && counts[.ready, default: 0] == 0 && queue.isOnlyHeld
        guard queue.held.count >= Self.fewestHeld || isAllHeld else { return }
        let cause =
            landsInPart
            ? "the cause may be a task that landed since all of its landing checks ran whole; 'orchestrate review' can take "
                + "it back"
            : "no task is to blame"
        let reason =
            "the base is red: on \(tip.short), where the integration branch is, \(words); \(cause). Repair it, "
            + "then type 'orchestrate continue', or 'orchestrate resume' if the run has stopped"
        pauseReason = .redTip(reason)
        endAllRedos()
        emit(.pause(reason: reason))
    }

    /// Whether so much failed on the tip that the next candidate waits for the tip's own verdict.
    var isTipAwaited: Bool { tipVerdict == .asked && failuresOnTip >= Self.fewestHeld }

    /// Whether the run is paused because the tip is red, and nothing is being checked.
    var isStuckOnRedTip: Bool {
        if case .redTip = pauseReason { queue.chain.isEmpty && queue.probes.isEmpty } else { false }
    }

    /// The tip is a tree that has passed. What failed alone on another one is checked again.
    mutating func tipIsGreen() {
        tipVerdict = .green
        rejectionsInRow = 0
        failuresOnTip = 0
        distrustsRed = false
        for held in queue.takeAllHeld() { insertInLine(held.task) }
        guard case .redTip = pauseReason else { return }
        pauseReason = nil
        emit(.proceed(reason: "the tip passes its landing checks"))
    }

    /// The tip is a tree on which some landing checks may not have run whole. A red one stays red until it is asked again.
    mutating func tipPassedInPart() {
        if case .red = tipVerdict { return }
        tipVerdict = .unknown
        rejectionsInRow = 0
        failuresOnTip = 0
        for held in queue.takeAllHeld() { insertInLine(held.task) }
    }

    /// Forgets what is known of the tip, because it is another one now or may have been repaired. After a red one the
    /// verdicts of this run are not trusted, since what is not part of a tree may have been repaired.
    mutating func forgetTip() {
        if case .red = tipVerdict { distrustsRed = true }
        if case .redTip = pauseReason { pauseReason = nil }
        tipVerdict = .unknown
        rejectionsInRow = 0
        failuresOnTip = 0
        for held in queue.takeAllHeld() { insertInLine(held.task) }
    }
}
