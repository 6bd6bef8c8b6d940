package import Model
package import Store

/// What keeps a run from starting or landing more at once.
package struct RunLimits: Sendable, Equatable {
    /// Which limit keeps ready tasks from starting; nil where none is ready.
    package let starting: String?
    /// Which limit keeps verified tasks from landing; nil where none is in line.
    package let landing: String?

    /// What the limits are compared with.
    package struct Figures: Sendable {
        package var counts: [TaskState: Int] = [:]
        /// Verified tasks that nobody has to approve.
        package var inLine = 0
        /// Candidates whose checks run.
        package var checking = 0
        /// Running attempts for which their executor has no room.
        package var withoutRoom = 0
        package var cooldowns: [CooldownRecord] = []
        /// Why nothing starts until a person continues the run; empty if the run is not paused.
        package var waits = ""
        /// Why no more attempts are started in this coordinator's life; empty if they are.
        package var drains = ""

        package init() {}
    }

    package init(_ figures: Figures, of plan: Plan, now: Timestamp) {
        starting = figures.counts[.ready, default: 0] > 0 ? Self.starting(figures, plan, now) : nil
        landing = figures.inLine > 0 ? Self.landing(figures, plan) : nil
    }

    private static func starting(_ figures: Figures, _ plan: Plan, _ now: Timestamp) -> String {
        if !figures.waits.isEmpty { return "the run is paused: \(figures.waits)" }
        if !figures.drains.isEmpty { return "no more attempts are started: \(figures.drains)" }
        let (running, most) = (figures.counts[.running, default: 0], plan.workers.maxParallel)
        if running >= most {
            let all = most == 1 ? "the only worker is busy" : "all \(most) workers are busy"
            guard figures.withoutRoom > 0 else { return "\(all) ('workers.max_parallel', \(plan.workersReason))" }
            let names = plan.executors.map { "'\($0)'" }.joined(separator: ", ")
            return
                "\(all), and \(figures.withoutRoom) of them \(figures.withoutRoom == 1 ? "waits" : "wait") for room on "
                + "an executor (\(names)): its 'slots' in executors.yaml, or its queue, are the limit"
        }
        if let cooldown = figures.cooldowns.first {
            return "'\(cooldown.provider)' is left alone for \(TimeText.span(cooldown.until - now)): \(cooldown.reason)"
        }
        if figures.inLine >= plan.landingBacklog {
            return "\(figures.inLine) verified tasks wait to land; workers start again below \(plan.landingBacklog)"
        }
        return
            "\(Count.text(running, "worker")) of \(most) \(running == 1 ? "runs" : "run"), because work of more of them "
            + "would collide"
    }

    private static func landing(_ figures: Figures, _ plan: Plan) -> String {
        if !figures.waits.isEmpty, figures.checking == 0 { return "the run is paused: \(figures.waits)" }
        let slots = plan.verifySlotCount
        if figures.checking >= slots {
            let all = slots == 1 ? "the only verify slot is in use" : "all \(slots) verify slots are in use"
            return "\(all) ('landing.verify_slots', \(plan.verifySlotsReason))"
        }
        return
            "\(figures.checking) of at most \(slots) \(slots == 1 ? "tree" : "trees") \(figures.checking == 1 ? "is" : "are") checked now; "
            + "the tasks in line wait for a verdict on those before them"
    }

    /// The limits for people, with a newline at the end.
    package func text(_ layout: Layout, run: RunID, counts: [TaskState: Int]) -> String {
        let numbers = TaskState.reported.compactMap { state in
            counts[state].flatMap { $0 > 0 ? "\($0) \(state.words)" : nil }
        }
        var lines = [layout.style.paint(run.rawValue, .heading) + "  " + numbers.joined(separator: ", ")]
        if let starting {
            lines += Section.lines("what keeps ready tasks from starting", layout, rows: [[.init(starting)]])
        }
        if let landing {
            lines += Section.lines("what keeps verified tasks from landing", layout, rows: [[.init(landing)]])
        }
        if starting == nil, landing == nil {
            let isOver = counts.allSatisfy { $0.key.isSettled || $0.value == 0 }
            lines += ["", isOver ? "no task is open" : "no limit: each open task is under way or waits for others"]
        }
        return lines.map { layout.fit($0) }.joined(separator: "\n") + "\n"
    }
}

extension RunLimits {
    /// - Parameters:
    ///   - isActive: whether a coordinator works on the run.
    ///   - activity: what attempts are doing now.
    init(
        _ view: StoreView, of run: RunRecord, isActive: Bool, now: Timestamp, activity: ActivitySource
    ) throws(StoreError) {
        var figures = Figures()
        figures.counts = try view.counts(of: run.id)
        figures.inLine = try view.tasks(of: run.id, in: [.verified]).count { !Approval.isAwaited(by: $0.reason) }
        figures.checking = try view.candidates(of: run.id, in: .checking).count
        figures.cooldowns = try view.cooldowns(of: run.id).filter { $0.until - now > 0 }
        figures.waits = run.waits
        if !isActive { figures.drains = "no coordinator works on the run; 'orchestrate resume' starts one" }
        if !run.plan.executors.isEmpty, isActive {
            figures.withoutRoom = try view.attempts(of: run.id, in: .running).count {
                activity.attempt($0.task, $0.number).phase == .waitingForRoom
            }
        }
        self.init(figures, of: run.plan, now: now)
    }
}

/// The limits of a run with the numbers of its tasks.
package struct LimitReport: Sendable {
    private let run: RunRecord
    private let counts: [TaskState: Int]
    private let limits: RunLimits

    /// - Parameters:
    ///   - run: the run; nil for the one started last.
    ///   - owner: who holds the plan's lock; nil for nobody.
    ///   - activity: what attempts are doing now.
    /// - Throws: `unknownRun`, or what reading throws.
    package init(
        _ reader: StoreReader, run id: RunID?, owner: RunLock.Owner?, now: Timestamp, activity: ActivitySource = .none
    ) throws(StoreError) {
        (run, counts, limits) = try reader.read { view in
            let run = try StatusReport.find(id, in: view, path: reader.path)
            let limits = try RunLimits(
                view, of: run, isActive: owner != nil && run.state == .running, now: now, activity: activity)
            return (run, try view.counts(of: run.id), limits)
        }
    }

    /// The report for people, with a newline at the end.
    package func text(_ layout: Layout) -> String { limits.text(layout, run: run.id, counts: counts) }
}
