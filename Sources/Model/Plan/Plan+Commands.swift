extension Plan {
    /// Changes all commands of workers, checks, guards and lists of tasks.
    package mutating func changeCommands(_ change: (String) -> String) {
        func changed(_ worker: Worker) -> Worker {
            var worker = worker
            worker.run = change(worker.run)
            worker.resume = worker.resume.map(change)
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
    package var allWorkers: [Worker] {
        (workers.ladder + stages.flatMap(\.ladder)).map(\.worker)
            + (verify.doneReviewers + stages.flatMap(\.verify.doneReviewers) + (review?.reviewers ?? [])).map(\.worker)
    }
}
