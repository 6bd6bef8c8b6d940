import Foundation
import Model

extension PlanResolver {
    /// Puts the plan's folder in place of `{plan_dir}`, and lets the sandbox show the folders that commands name.
    ///
    /// - Returns: false if the folder must not be shown. That has been reported.
    func fillFolders(in plan: inout Plan, at place: Place) -> Bool {
        let folder = URL(fileURLWithPath: planPath).standardizedFileURL.deletingLastPathComponent().path
        let written = plan
        plan.changeCommands { $0.filling(.planFolder, with: folder) }
        var folders = plan != written ? [folder] : []
        if plan != written {
            let repository = plan.repository
            if folder == repository || repository.hasPrefix(folder.hasSuffix("/") ? folder : "\(folder)/") {
                findings.error(
                    "{plan_dir} is \(folder), which holds the repository: workers and checks would see your checkout",
                    at: place, hint: "move the plan and its files into a folder of their own, such as .orchestrate")
                return false
            }
            if folder.contains(where: { "{}\n".contains($0) }) {
                findings.error(
                    "{plan_dir} cannot be used in the folder \(folder)", at: place,
                    hint: "choose a name without braces and line breaks")
                return false
            }
        }
        folders += plan.allWorkers.compactMap(\.folder).filter { !folders.contains($0) }
        if !folders.isEmpty { plan.sandbox.folders = Set(folders).sorted() }
        return true
    }
}

extension Plan {
    /// Changes all commands of workers, checks, guards and lists of tasks.
    fileprivate mutating func changeCommands(_ change: (String) -> String) {
        func changed(_ worker: Worker) -> Worker {
            var worker = worker
            worker.run = change(worker.run)
            return worker
        }
        func changeChecks(_ rules: inout VerifyRules) {
            for list in [\VerifyRules.baseline, \.done, \.task, \.landing, \.final] {
                for index in rules[keyPath: list].indices {
                    rules[keyPath: list][index].run = change(rules[keyPath: list][index].run)
                }
            }
            for index in rules.doneReviewers.indices {
                rules.doneReviewers[index].worker = changed(rules.doneReviewers[index].worker)
            }
        }
        func changeLadder(_ ladder: inout [Rung]) {
            for index in ladder.indices { ladder[index].worker = changed(ladder[index].worker) }
        }
        func changeGuards(_ rules: inout GuardRules) {
            for index in rules.custom.indices { rules.custom[index].run = change(rules.custom[index].run) }
        }
        func changeList(_ rules: inout DecomposeRules) {
            if case .command(let command)? = rules.list { rules.list = .command(change(command)) }
        }
        changeChecks(&verify)
        changeLadder(&workers.ladder)
        changeGuards(&guards)
        changeList(&decompose)
        for stage in stages.indices {
            changeChecks(&stages[stage].verify)
            changeLadder(&stages[stage].ladder)
            changeGuards(&stages[stage].guards)
            changeList(&stages[stage].decompose)
        }
        if var rules = review {
            for index in rules.reviewers.indices {
                rules.reviewers[index].worker = changed(rules.reviewers[index].worker)
            }
            review = rules
        }
    }

    /// The workers of all ladders, and the reviewers.
    fileprivate var allWorkers: [Worker] {
        (workers.ladder + stages.flatMap(\.ladder)).map(\.worker)
            + (verify.doneReviewers + stages.flatMap(\.verify.doneReviewers) + (review?.reviewers ?? [])).map(\.worker)
    }
}
