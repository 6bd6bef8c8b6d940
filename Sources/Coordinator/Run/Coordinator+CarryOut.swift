import Git
import Model
import Scheduling

extension Coordinator {
    /// Starts the work of a decision. The result arrives as a fact.
    func carryOut(_ decision: Decision, _ fold: RunFold, in group: inout DiscardingTaskGroup) {
        switch decision {
        case .start, .end: carryOutAttempt(decision, fold, in: &group)
        case .check, .probe, .dissolve, .land: carryOutLanding(decision, fold, &group)
        case .follow, .adopt: carryOutBase(decision, tip: fold.scheduler.tip, &group)
        case .retry, .cooldown, .pauseLanding: carryOutWait(decision, fold, &group)
        case .pause, .proceed: activeTime.follow(decision)
        case .split(let split):
            let router = context.router
            group.addTask { await blocking { router.answerSplit(split) } }
        case .checkFinal: checkFinal(fold.scheduler.tip, &group)
        // The loop sends an answer once it is stored, and detects the end. The others are only logged.
        case .answer, .reviewed, .revert, .fail, .skip, .block, .wait, .finish, .drain, .suspend, .stop,
            .join, .cover:
            break
        }
    }

    private func carryOutLanding(_ decision: Decision, _ fold: RunFold, _ group: inout DiscardingTaskGroup) {
        let tip = fold.scheduler.tip
        switch decision {
        case .check(let order):
            let candidate = CandidateRunner.Candidate(
                number: order.candidate, verified: order.tasks.compactMap { fold.memory.verified[$0] }, tip: tip,
                after: order.after, isFresh: order.isRecheck)
            check(candidate, &group)
        case .probe(let probe):
            let context = context
            group.addTask { await self.report { await ProbeRunner(context: context).run(probe) } }
        case .dissolve(let dissolved):
            builds.cancel(dissolved.candidate)
            group.addTask { await self.release(dissolved.candidate) }
        case .land(let land):
            builds.forget(before: land.candidate)
            wholeTurns.landed(land.candidate)
            let landed = Fact.Landed(candidate: land.candidate, commits: land.commits)
            let tasks = land.commits.map { ($0.task, fold.memory.verified[$0.task]) }
            let verified = Dictionary(tasks) { $1 }.compactMapValues { $0 }
            group.addTask { await self.land(landed, verified, from: tip) }
        default: break
        }
    }

    private func check(_ candidate: CandidateRunner.Candidate, _ group: inout DiscardingTaskGroup) {
        let runner = CandidateRunner(context: context, builds: builds, turns: wholeTurns)
        builds.add(candidate.number)
        group.addTask {
            // A separate task inside the group's task, so that it can be cancelled alone.
            let work = Task {
                await self.report {
                    let fact = await runner.check(candidate)
                    if case .candidateFailed = fact { await self.release(candidate.number) }
                    return fact
                }
            }
            self.builds.set(work, for: candidate.number)
            await withTaskCancellationHandler {
                await work.value
            } onCancel: {
                work.cancel()
            }
        }
    }

    private func land(
        _ landed: Fact.Landed, _ verified: [TaskID: Fact.AttemptVerified], from tip: ObjectID
    ) async {
        do {
            let register = context.register
            let fact = try await context.git { git in
                try git.keepNotes(of: landed.commits, verified, register: register)
                return try git.land(landed, from: tip)
            }
            await announce(fact)
            // The next landing does not wait for this. If a crash prevents it, the task's branch still points at the
            // verified commit.
            if case .landed = fact {
                try await context.git { git in try git.moveTaskBranches(landed.commits) }
            }
            await release(landed.candidate)
        } catch {
            inbox.fail(error)
        }
    }

    /// Lets `git gc` have the commits of a candidate that has landed or never will.
    private func release(_ candidate: Int) async {
        // A reference that stays only keeps objects; the end of the run removes it.
        try? await context.git { (git) throws(GitError) in try git.release(.candidate(candidate)) }
    }

    private func carryOutBase(_ decision: Decision, tip: ObjectID, _ group: inout DiscardingTaskGroup) {
        let follower = BaseFollower(context: context)
        switch decision {
        case .follow(let base): group.addTask { await self.report { await follower.follow(base, from: tip) } }
        case .adopt(let rebased):
            group.addTask {
                do {
                    self.inbox.put(try await follower.adopt(rebased))
                } catch {
                    self.inbox.fail(error)
                }
            }
        default: break
        }
    }

    private func carryOutWait(_ decision: Decision, _ fold: RunFold, _ group: inout DiscardingTaskGroup) {
        switch decision {
        case .retry(let retry):
            guard let delay = retry.delay else { return }
            wait(
                delay, for: .retry(task: retry.task, attempt: fold.memory.attempts[retry.task, default: 0]), in: &group)
        case .cooldown(let cooldown):
            wait(cooldown.seconds, for: .cooldown(provider: cooldown.provider, number: cooldown.number), in: &group)
        case .pauseLanding(let pause): wait(pause.seconds, for: .landing(number: pause.number), in: &group)
        default: break
        }
    }

    /// Runs `verify.final` on the tip.
    private func checkFinal(_ tip: ObjectID, _ group: inout DiscardingTaskGroup) {
        let context = context
        group.addTask {
            do {
                let rules = context.plan.verify
                let repository = await context.git { $0.repository }
                self.inbox.put(
                    .finalChecked(
                        try await context.checks.setup.check(
                            rules.final, rules: rules, at: tip, of: repository, in: context.slots.landing,
                            as: context.run, logs: context.logFolder("final"))))
            } catch is CancellationError {
                // The run is being stopped. The next coordinator repeats the checks.
            } catch {
                self.inbox.fail(error)
            }
        }
    }

    /// Puts the result of some work into the inbox, unless the work was cancelled before its result.
    func report(_ work: () async -> Fact?) async {
        if let fact = await work() { inbox.put(fact) }
    }
}
