package import Git
package import Jobs
package import Model

/// The guards of a stage, in the order in which they judge.
package struct GuardList: Sendable {
    /// Reads the content of a file from Git's objects.
    package typealias BlobSource = (ObjectID) throws(GitError) -> [UInt8]

    private let guards: [any DiffGuard]
    private let discard: GlobSet
    private let rules: GuardRules

    /// Maximum number of places in one failure, so that a worker that rewrote the whole tree does not fill the prompt.
    private static let mostPlaces = 20

    /// - Throws: the first malformed glob.
    package init(_ stage: Stage) throws(GlobError) {
        rules = stage.guards
        let provesFiles = stage.verify.done.contains { $0.speaksOfFiles }
        let switched: [(isOn: Bool, guard: any DiffGuard)] = [
            (rules.submodules == .refuse, SubmoduleGuard()),
            (rules.symlinks == .refuse, SymlinkGuard()),
            (rules.gitAttributes == .refuse, AttributesGuard()),
            (rules.modes == .refuse, ModeGuard()),
            (true, SizeGuard(mostLines: rules.maxChangedLines, mostFiles: rules.maxChangedFiles)),
            (true, BinaryGuard(mostBytes: rules.maxBinary)),
            (rules.secrets == .refuse, SecretGuard()),
            (rules.conflictMarkers == .refuse, ConflictMarkerGuard()),
            (rules.tests == .keep, TestGuard()),
            (rules.suppressions == .refuse, SuppressionGuard()),
            (rules.emptiedFiles == .refuse, EmptiedFileGuard()),
            (rules.placeholders == .refuse, PlaceholderGuard()),
            (rules.mustChange && !provesFiles, MustChangeGuard()),
        ]
        guards =
            [
                // Of several objections to a path the first one counts: that it is forbidden, then that it is a leftover,
                // then that it is outside the write set.
                try ForbiddenPathGuard(rules.forbid)
            ] + (rules.leftovers == .refuse ? [LeftoverGuard()] : [])
            + [try WriteSetGuard(rules.write, scope: stage.scope, alsoAllow: rules.alsoAllow)]
            + switched.filter(\.isOn).map(\.guard)
        discard = try GlobSet(rules.discard)
    }

    /// Separates the files that tools leave behind. These are neither judged nor committed.
    package func split(_ changes: [FileChange]) -> (kept: [FileChange], discarded: [FileChange]) {
        var result: (kept: [FileChange], discarded: [FileChange]) = ([], [])
        for change in changes {
            if discard.matches(change.path) { result.discarded.append(change) } else { result.kept.append(change) }
        }
        return result
    }

    /// Judges the changes of an attempt that `split` kept.
    ///
    /// - Parameters:
    ///   - secrets: the secret values of the job's environment.
    ///   - blob: reads contents; nil to judge only paths, modes and counts.
    /// - Returns: nil if no guard objects; otherwise a failure of kind `.noChange` or `.guardRule` with all objections.
    /// - Throws: the error of `blob`.
    package func judge(
        _ changes: [FileChange], of task: MigrationTask, secrets: [JobEnvironment.Secret] = [],
        blob: BlobSource? = nil
    ) throws(GitError) -> Failure? {
        guard !changes.isEmpty else {
            return Failure(kind: .noChange, summary: "the worker changed nothing")
        }
        let diff = AttemptDiff(changes, of: task, secrets: secrets, blob: blob)
        var objections: [Objection] = []
        for each in guards {
            // One objection to a whole file is enough. The first guard's is the most serious.
            let known = Set(objections.lazy.filter { $0.line == nil }.compactMap(\.path))
            objections += each.objections(to: diff).filter { $0.path.map { !known.contains($0) } ?? true }
        }
        if let fault = diff.fault { throw fault }
        return Self.failure(objections)
    }

    /// Returns a failure with all objections; nil for no objections.
    static func failure(_ objections: [Objection]) -> Failure? {
        guard !objections.isEmpty else { return nil }
        let lines = objections.map { objection in
            objection.place.map { "\($0): \(objection.reason)" } ?? objection.reason
        }
        let more = objections.count > 1 ? ", and \(objections.count - 1) more" : ""
        return Failure(
            kind: .guardRule, summary: lines[0] + more, detail: capped(lines).joined(separator: "\n"),
            places: Array(objections.compactMap(\.place).prefix(mostPlaces)))
    }

    private static func capped(_ lines: [String]) -> [String] {
        guard lines.count > mostPlaces else { return lines }
        return lines.prefix(mostPlaces) + ["and \(lines.count - mostPlaces) more"]
    }

    /// The rules as sentences, for prompts. The plan's own come first, then the ones that workers break most often.
    package var inWords: [String] {
        func isFrequent(_ each: any DiffGuard) -> Bool {
            each is ForbiddenPathGuard || each is WriteSetGuard || each is TestGuard || each is SuppressionGuard
                || each is PlaceholderGuard
        }
        let ordered = guards.filter(isFrequent) + guards.filter { !isFrequent($0) }
        let coverage = rules.coverage.map { CoverageRule($0).inWords }
        var result = (rules.custom.map(\.rule) + [coverage].compactMap { $0 } + ordered.map(\.rule)).filter {
            !$0.isEmpty
        }
        if !rules.discard.isEmpty {
            result.append("Changes to \(GlobWords.list(rules.discard)) are discarded; do not rely on them.")
        }
        result.append("An attempt that changes nothing is rejected.")
        return result
    }
}

extension Check {
    /// Whether the command of the check uses the files of a task.
    fileprivate var speaksOfFiles: Bool {
        guard let template = try? CommandTemplate(run) else { return false }
        return !template.placeholders.isDisjoint(with: [.file, .files])
    }
}
