import Coordinator
import Foundation
import Jobs
import Model
import PlanFile
import ProjectScan

/// The trial of the checks that a scan has proposed.
struct CheckTrials {
    /// Where the plan will be.
    let path: String

    /// A proposal under the name that it has during the trial.
    private struct Candidate {
        var name: String
        var folder: String
        var check: CheckProposal
    }

    /// Tries the checks of a proposal's toolchains, and puts the chosen ones into it.
    func run(_ proposal: inout PlanProposal) async throws {
        let candidates = candidates(of: proposal.profile.toolchains)
        guard !candidates.isEmpty else { return }
        proposal.checks = candidates.map { PlanProposal.TriedCheck(name: $0.name, check: $0.check) }
        let loaded = try PlanLoader.load(
            text: proposal.text, path: path, workerFolders: PlanFolders.workers(for: path)
        ).get()
        let trial: PlanTrial
        do {
            trial = try PlanTrial(plan: loaded.plan, environment: Terminal.environment)
        } catch let error as JobsError {
            Terminal.say("note: the checks were not tried: \(error.description)")
            proposal.checks = Self.firstOfEach(candidates)
            return
        }
        let commands = Dictionary(loaded.plan.verify.landing.map { ($0.name, $0) }) { first, _ in first }
        var chosen: [PlanProposal.TriedCheck] = []
        do {
            for folder in Self.unique(candidates.map(\.folder)) {
                let own = candidates.filter { $0.folder == folder }
                chosen += try await choose(own, in: trial, commands)
            }
            proposal.checks = chosen
        } catch let error as PlanTrial.FailedSetup {
            Terminal.say(Self.words(error.result))
            proposal.checks = Self.firstOfEach(candidates)
        }
        await trial.end()
    }

    /// A failed step of the set-up. It is reported once, not for each check.
    private static func words(_ step: CheckResult) -> String {
        let first = step.command.split(separator: "\n").first.map { OutsideText.line(String($0)) } ?? ""
        let output = step.digest.split(separator: "\n").map { "    \($0)" }
        return
            (["        set-up failed: \(first)"] + output + [
                "note: no check was tried, because its set-up failed",
                "  hint: mend the cause and start 'init' again with --force, or edit 'setup' in the plan",
            ]).joined(separator: "\n")
    }

    /// Tries the checks of one project until one works.
    private func choose(
        _ candidates: [Candidate], in trial: PlanTrial, _ commands: [String: Check]
    ) async throws -> [PlanProposal.TriedCheck] {
        var used: [PlanProposal.TriedCheck] = []
        var refused: [PlanProposal.TriedCheck] = []
        for purpose in CheckProposal.Purpose.allCases {
            let isNeeded = purpose == .tests || purpose == .types || !used.contains { $0.check.purpose != .types }
            guard isNeeded else { continue }
            for candidate in candidates where candidate.check.purpose == purpose {
                guard let command = commands[candidate.name] else { continue }
                let tried = PlanProposal.TriedCheck(
                    name: Self.name(candidate), check: candidate.check,
                    trial: try await result(of: command, purpose, in: trial))
                guard tried.trial?.isUsable ?? false else {
                    refused.append(tried)
                    continue
                }
                used.append(tried)
                break
            }
        }
        // What was tried before something worked is of no interest.
        return used.isEmpty ? refused : used + refused.filter { $0.check.purpose == .types }
    }

    private func result(
        of check: Check, _ purpose: CheckProposal.Purpose, in trial: PlanTrial
    ) async throws -> CheckTrial {
        Terminal.say("trying  \(check.run)")
        let result: CheckTrial
        do {
            result = CheckTrial(try await trial.run(check), purpose)
        } catch let error as CancellationError {
            throw error
        } catch let error as PlanTrial.FailedSetup {
            throw error
        } catch {
            result = CheckTrial(verdict: .broken, seconds: 0, reason: OutsideText.line("\(error)"))
        }
        Terminal.say("        \(result.words)")
        return result
    }

    // MARK: Names

    private func candidates(of toolchains: [Toolchain]) -> [Candidate] {
        var number = 0
        return toolchains.flatMap { toolchain in
            toolchain.checks.map { check in
                number += 1
                return Candidate(name: "trial \(number)", folder: toolchain.folder, check: check)
            }
        }
    }

    private static func name(_ candidate: Candidate) -> String {
        let place = candidate.folder.isEmpty ? "" : " of \(candidate.folder.dropLast())"
        return "\(candidate.check.purpose.rawValue)\(place)"
    }

    /// Returns the first proposal of each project, for a machine where nothing can be tried.
    private static func firstOfEach(_ candidates: [Candidate]) -> [PlanProposal.TriedCheck] {
        unique(candidates.map(\.folder)).compactMap { folder in
            candidates.first { $0.folder == folder }.map { .init(name: name($0), check: $0.check) }
        }
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}

extension CheckTrial {
    /// Exit statuses of a shell that cannot start a program.
    private static let noProgram: ClosedRange<Int32> = 126...127
    private static let longestReason = 200

    init(_ seen: PlanTrial.Seen, _ purpose: CheckProposal.Purpose) {
        let first = seen.first
        let runs = [first, seen.second].compactMap { $0 }
        let passes = runs.count { $0.outcome == .passed }
        let failed = runs.first { $0.outcome != .passed }
        let verdict: Verdict
        var reason = failed.map { Self.reason($0) } ?? ""
        if passes == runs.count {
            verdict = first.testsRun == 0 ? .broken : .passed
            if first.testsRun == 0 { reason = "it ran no tests" }
        } else if passes > 0 {
            verdict = .flaky
        } else {
            let hasTests = purpose == .tests && !first.failedTests.isEmpty && first.testGap == nil
            verdict = hasTests && !Self.noProgram.contains(first.status) ? .failed : .broken
        }
        if reason.isEmpty, verdict != .passed { reason = "exit status \(first.status)" }
        self.init(
            verdict: verdict, seconds: first.seconds, testsRun: first.testsRun,
            seesBrokenTree: verdict == .passed || verdict == .flaky ? seen.broken.map { $0.outcome != .passed } : nil,
            reason: reason)
    }

    /// Returns the most telling line of a failed check's output.
    private static func reason(_ result: CheckResult) -> String {
        if result.outcome == .timedOut { return "it did not end in time" }
        let lines = result.digest.split(separator: "\n").map(String.init).filter { line in
            !line.hasPrefix("$ ") && !line.hasPrefix("exit status") && !line.allSatisfy(\.isWhitespace)
        }
        let telling = lines.last { $0.contains("Error") || $0.contains("error") || $0.contains("not found") }
        return String(OutsideText.line(telling ?? lines.last ?? "").prefix(longestReason))
    }

    /// The result on one line.
    var words: String {
        let time = String(format: "%.1f s", seconds)
        let tests = testsRun.map { ", \(Count.text($0, "test"))" } ?? ""
        switch verdict {
        case .passed, .flaky:
            let word = verdict == .flaky ? "flaky" : "passed"
            let broken =
                switch seesBrokenTree {
                case true?: "; fails on broken files, as it should"
                case false?: "; PASSES ON BROKEN FILES"
                case nil: ""
                }
            return "\(word) in \(time)\(tests)\(broken)"
        case .failed: return "failed in \(time)\(tests): \(reason)"
        case .broken: return "does not work: \(reason)"
        }
    }
}
