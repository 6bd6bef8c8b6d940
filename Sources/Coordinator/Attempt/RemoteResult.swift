import Foundation
import Git
import Jobs
import Model
import Verification

/// The judgement of a result that another machine has sent. Its word is enough for nothing but the verdicts of checks.
struct RemoteResult {
    let context: WorkContext
    let attempt: Attempt
    let token: String

    private struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    /// Returns the fact that ends the attempt: that of the machine, with a commit made here; or a failure if a guard
    /// objects to what it has sent.
    ///
    /// - Parameter bundle: absolute path of the bundle with the commit of the work.
    /// - Throws: if the result is not one of this attempt.
    func judge(_ fact: Fact, bundle: String) async throws -> Fact {
        switch fact {
        case .foundDone(let fact) where fact.task == attempt.task.id && fact.attempt == attempt.number:
            return .foundDone(fact)
        case .attemptSplit(var fact) where fact.task == attempt.task.id && fact.attempt == attempt.number:
            // The scheduler knows whether it is true.
            fact.base = attempt.base
            fact.worker = attempt.worker.name
            return .attemptSplit(fact)
        case .attemptFailed(var fact) where fact.task == attempt.task.id && fact.attempt == attempt.number:
            // Kept work is reviewed again from its commit, which stays on the machine.
            fact.unreviewed = nil
            fact.base = attempt.base
            fact.worker = attempt.worker.name
            fact.failure = fact.failure.redacted(by: context.jobs.redaction)
            fact.checks = fact.checks.map { $0.redacted(by: context.jobs.redaction) }
            return .attemptFailed(fact)
        case .attemptVerified(let fact) where fact.task == attempt.task.id && fact.attempt == attempt.number:
            return try await verified(fact, bundle: bundle)
        default: throw Refused(description: "the fact of the result is not about this attempt")
        }
    }

    private func verified(_ sent: Fact.AttemptVerified, bundle: String) async throws -> Fact {
        let change = try await change(sent, bundle: bundle)
        let checks = context.checks.stage(of: attempt.task)
        let secrets = context.jobs.environment.environment(
            general: context.plan.workers.environment, own: attempt.worker.environment, place: nil
        ).secrets
        let attempt = attempt
        let objection = try await context.git { (git) throws(GitError) in
            try checks.guards.judge(change.files, of: attempt.task, secrets: secrets) { (id) throws(GitError) in
                try git.repository.blob(id)
            }
        }
        var run = AttemptRun(attempt, in: context)
        run.results = sent.checks
        run.usage = sent.usage
        if let objection { return run.failed(objection) }
        var fact = try await run.commit(change, reason: context.jobs.redaction.text(sent.reason))
        if case .attemptVerified(var made) = fact {
            made.seconds = sent.seconds
            fact = .attemptVerified(made)
        }
        try? await context.git { (git) throws(GitError) in try git.release(.attempt(attempt.task.id)) }
        return fact
    }

    /// Stores the objects of the work, and reads what it changes.
    private func change(_ sent: Fact.AttemptVerified, bundle: String) async throws -> AttemptRun.Change {
        let (attempt, guards, token) = (attempt, context.checks.stage(of: attempt.task).guards, token)
        return try await context.git { git in
            git.repository.awaitCollection()
            try git.repository.fetch(JobOrder.resultReference(token: token), from: bundle)
            let commit = try git.repository.commit(sent.commit)
            guard commit.parents == [attempt.base], try git.repository.treeOf(sent.commit) == sent.tree else {
                throw Refused(description: "the commit of the result is not built on the base of the attempt")
            }
            try git.hold(sent.commit, for: .attempt(attempt.task.id))
            let files = try git.repository.diff(from: git.repository.treeOf(attempt.base), to: sent.tree)
            // The same tree, made here: the one that was sent has no names and modes that Git forbids, and lacks nothing.
            let contents = files.filter { $0.newMode != .submodule }.compactMap(\.newID)
            guard try git.tree(of: attempt.base, with: files) == sent.tree,
                try git.repository.missing(among: contents).isEmpty
            else { throw Refused(description: "the tree of the result is malformed or incomplete") }
            guard guards.split(files).discarded.isEmpty else {
                throw Refused(description: "the result holds changes that are discarded before checks run")
            }
            return AttemptRun.Change(files: files, tree: sent.tree, commit: sent.commit)
        }
    }
}
