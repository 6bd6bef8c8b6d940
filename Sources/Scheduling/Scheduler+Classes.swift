import Model

/// Tasks of one class of failures that are tried again: a sample first, the rest if the sample lands.
struct ClassRetry: Sendable {
    var command: String
    var name: String
    var sample: [Int]
    var rest: [Int]
    var request: RetryRequest?

    /// How many of a sample have to land, of ten: one task of five may fail for a reason of its own.
    private static let tenths = 8

    static func needed(of sample: Int) -> Int { (sample * tenths + 9) / 10 }
}

extension Scheduler {
    /// Carries out a command for all tasks of a class.
    mutating func control(_ control: Control, forClass order: ClassCommand) {
        let indices = order.tasks.compactMap { indexOf[$0] }
        let text =
            switch order.action {
            case .retry(let request, let sample):
                retry(indices, command: control.id, name: order.name, request: request, sample: sample)
            case .skip: skip(indices, name: order.name)
            }
        emitFirst(.answer(.init(command: control.id, isAccepted: text.isAccepted, text: text.words)))
    }

    // MARK: Retry

    private mutating func retry(
        _ indices: [Index], command: String, name: String, request: RetryRequest?, sample: Int
    ) -> (isAccepted: Bool, words: String) {
        let given = indices.filter { entries[$0].state.isGivenUp }
        let open = indices.filter { !entries[$0].state.isSettled && entries[$0].state != .landing }
        // The attempts under way may succeed, so they are not ended.
        for index in open { entries[index].request = request ?? entries[index].request }
        let later = open.isEmpty || request == nil ? "" : "; \(Count.text(open.count, "other task")) get it next time"
        guard !given.isEmpty else {
            return open.isEmpty || request == nil
                ? (false, "class \(name) has no failed task") : (true, "class \(name)\(later)")
        }
        let ordered = given.filter { entries[$0].missing == 0 } + given.filter { entries[$0].missing > 0 }
        let first = sample > 0 ? Array(ordered.prefix(sample)) : ordered
        let rest = Array(ordered.dropFirst(first.count))
        let reason = "a person asked for class \(name)" + (request?.note.map { ": \($0)" } ?? "")
        for index in first { tryAgain(index, request, reason) }
        guard !rest.isEmpty else {
            return (true, "\(Count.text(first.count, "task")) of class \(name) tried again\(later)")
        }
        classRetries.append(ClassRetry(command: command, name: name, sample: first, rest: rest, request: request))
        let needed = ClassRetry.needed(of: first.count)
        return (
            true,
            "\(Count.text(first.count, "task")) of class \(name) tried first; \(rest.count) more follow if "
                + "\(needed) of them land\(needed == 1 ? "s" : "")\(later)"
        )
    }

    private mutating func tryAgain(_ index: Index, _ request: RetryRequest?, _ reason: String) {
        guard entries[index].state.isGivenUp else { return }
        entries[index].request = request
        beginLadder(index)
        takeUpAgain(index, reason)
    }

    /// Goes on with the rest of a class whose sample has landed, and drops the rest of one whose sample has failed.
    mutating func continueClassRetries() {
        for retry in classRetries {
            guard retry.sample.allSatisfy({ entries[$0].state.isSettled }) else { continue }
            classRetries.removeAll { $0.command == retry.command }
            let landed = retry.sample.count { entries[$0].state.isDone }
            let goesOn = landed >= ClassRetry.needed(of: retry.sample.count)
            let sample = "\(landed) of \(Count.text(retry.sample.count, "task")) of class \(retry.name) landed"
            if goesOn {
                let reason = "\(sample) after a person asked for it"
                for index in retry.rest { tryAgain(index, retry.request, reason) }
            }
            let rest = goesOn ? "\(retry.rest.count) more are tried" : "the other \(retry.rest.count) stay failed"
            emit(.answer(.init(command: "\(retry.command)-rest", isAccepted: goesOn, text: "\(sample): \(rest)")))
        }
    }

    // MARK: Skip

    private mutating func skip(_ indices: [Index], name: String) -> (isAccepted: Bool, words: String) {
        var skipped = 0
        for index in indices where skipIfOpen(index) { skipped += 1 }
        let failed = indices.count { entries[$0].state == .failed }
        let rest = failed == 0 ? "" : "; \(Count.text(failed, "task")) had failed already"
        guard skipped > 0 || failed > 0 else { return (false, "class \(name) has no task that is not done") }
        return (true, "\(Count.text(skipped, "task")) of class \(name) skipped\(rest)")
    }
}
