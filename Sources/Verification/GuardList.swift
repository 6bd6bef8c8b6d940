package import Git
package import Model

/// The guards of a stage, in the order in which they are asked.
package struct GuardList: Sendable {
    private let guards: [any DiffGuard]
    private let discard: GlobSet
    private let discarded: [String]

    /// Places named in one failure; a worker that rewrote the whole tree would fill the prompt with them.
    private static let mostPlaces = 20

    /// - Throws: the first malformed glob.
    package init(_ stage: Stage) throws(GlobError) {
        var guards: [any DiffGuard] = [
            // What is forbidden comes before what is not allowed: it is the graver objection to the same path.
            try ForbiddenPathGuard(stage.guards.forbid),
            try WriteSetGuard(stage.guards.write, scope: stage.scope, alsoAllow: stage.guards.alsoAllow),
        ]
        if let limit = stage.guards.maxChangedLines { guards.append(SizeGuard(mostLines: limit)) }
        self.guards = guards
        discarded = stage.guards.discard
        discard = try GlobSet(discarded)
    }

    /// Takes out what tools leave behind: it is neither judged nor committed.
    package func split(_ changes: [FileChange]) -> (kept: [FileChange], discarded: [FileChange]) {
        var result: (kept: [FileChange], discarded: [FileChange]) = ([], [])
        for change in changes {
            if discard.matches(change.path) { result.discarded.append(change) } else { result.kept.append(change) }
        }
        return result
    }

    /// Judges what is left of an attempt's changes after `split`.
    ///
    /// - Returns: nil if nothing is wrong; else a failure of kind `.noChange` or `.guardRule` that names every guard's
    ///   objections.
    package func judge(_ changes: [FileChange], of task: MigrationTask) -> Failure? {
        guard !changes.isEmpty else {
            return Failure(kind: .noChange, summary: "the worker ended without having changed anything")
        }
        var objections: [Objection] = []
        for each in guards {
            // One objection to a path is enough; the first guard's is the gravest.
            let known = Set(objections.compactMap(\.path))
            objections += each.objections(to: changes, of: task).filter { $0.path.map { !known.contains($0) } ?? true }
        }
        guard !objections.isEmpty else { return nil }
        let lines = objections.map { objection in
            objection.place.map { "\($0): \(objection.reason)" } ?? objection.reason
        }
        let more = objections.count > 1 ? ", and \(objections.count - 1) more" : ""
        return Failure(
            kind: .guardRule, summary: lines[0] + more, detail: Self.capped(lines).joined(separator: "\n"),
            places: Array(objections.compactMap(\.place).prefix(Self.mostPlaces)))
    }

    private static func capped(_ lines: [String]) -> [String] {
        guard lines.count > mostPlaces else { return lines }
        return lines.prefix(mostPlaces) + ["and \(lines.count - mostPlaces) more"]
    }

    /// The rules in sentences, for prompts.
    package var inWords: [String] {
        var result = guards.map(\.rule).filter { !$0.isEmpty }
        if !discarded.isEmpty {
            result.append("Changes to \(GlobWords.list(discarded)) are thrown away; do not rely on them.")
        }
        result.append("An attempt that changes nothing is rejected.")
        return result
    }
}

/// The rules of a stage's guards in sentences, for prompts.
///
/// - Throws: the first malformed glob.
package func guardRulesInWords(_ stage: Stage) throws(GlobError) -> [String] {
    try GuardList(stage).inWords
}
