/// Rules on the diff of an attempt.
package struct GuardRules: Codable, Sendable, Equatable {
    package enum WriteSet: String, Codable, Sendable, CaseIterable {
        case taskFiles = "task-files"
        case scope
        case repository
    }

    /// What becomes of tests.
    package enum Tests: String, Codable, Sendable, CaseIterable {
        /// None may be removed, skipped or emptied, and no assertion may go.
        case keep
        /// The migration is about them.
        case allow
    }

    /// What becomes of something that most migrations have no reason for.
    package enum Answer: String, Codable, Sendable, CaseIterable {
        case refuse
        case allow
    }

    package var write: WriteSet
    /// Globs that any task may change as well.
    package var alsoAllow: [String]
    /// Globs that no task may change, whatever the other keys allow.
    package var forbid: [String]
    /// Globs of what tools leave behind in a slot: neither objected to nor committed.
    package var discard: [String]
    /// Most added plus removed lines in one attempt; nil for no limit.
    package var maxChangedLines: Int?
    /// Most files that one attempt changes; nil for no limit.
    package var maxChangedFiles: Int?
    /// Most bytes of a binary file that is new.
    package var maxBinary: Int
    /// Every file of a task has to be changed, where no `done` check speaks for it.
    package var mustChange: Bool
    package var tests: Tests
    /// Comments and attributes that silence a checker.
    package var suppressions: Answer
    package var conflictMarkers: Answer
    package var secrets: Answer
    /// What workers and editors leave behind: backups, rejects, folders of agents.
    package var leftovers: Answer
    /// Comments that stand in for code.
    package var placeholders: Answer
    package var emptiedFiles: Answer
    /// Links that lead out of the repository.
    package var symlinks: Answer
    package var modes: Answer
    package var submodules: Answer
    package var gitAttributes: Answer
    /// Commands that judge a diff, in order.
    package var custom: [CustomGuard]

    package static let defaultMaxBinary = 1 << 20

    package init(
        write: WriteSet = .taskFiles, alsoAllow: [String] = [], forbid: [String] = [], discard: [String] = [],
        maxChangedLines: Int? = nil, maxChangedFiles: Int? = nil, maxBinary: Int = GuardRules.defaultMaxBinary,
        mustChange: Bool = false, tests: Tests = .keep, suppressions: Answer = .refuse,
        conflictMarkers: Answer = .refuse, secrets: Answer = .refuse, leftovers: Answer = .refuse,
        placeholders: Answer = .refuse, emptiedFiles: Answer = .refuse, symlinks: Answer = .refuse,
        modes: Answer = .refuse, submodules: Answer = .refuse, gitAttributes: Answer = .refuse,
        custom: [CustomGuard] = []
    ) {
        self.write = write
        self.alsoAllow = alsoAllow
        self.forbid = forbid
        self.discard = discard
        self.maxChangedLines = maxChangedLines
        self.maxChangedFiles = maxChangedFiles
        self.maxBinary = maxBinary
        self.mustChange = mustChange
        self.tests = tests
        self.suppressions = suppressions
        self.conflictMarkers = conflictMarkers
        self.secrets = secrets
        self.leftovers = leftovers
        self.placeholders = placeholders
        self.emptiedFiles = emptiedFiles
        self.symlinks = symlinks
        self.modes = modes
        self.submodules = submodules
        self.gitAttributes = gitAttributes
        self.custom = custom
    }
}

/// A command that judges a diff.
package struct CustomGuard: Codable, Sendable, Equatable {
    package var name: String
    /// Shell command; the diff is on its standard input and in the file `{diff}`.
    package var run: String
    /// What it wants, in a sentence for prompts; empty for none.
    package var rule: String
    /// Seconds.
    package var timeout: Double
    /// As in `VerifyRules.environment`.
    package var environment: [String]

    package static let defaultTimeout: Double = 60

    package init(
        name: String, run: String, rule: String = "", timeout: Double = CustomGuard.defaultTimeout,
        environment: [String] = []
    ) {
        self.name = name
        self.run = run
        self.rule = rule
        self.timeout = timeout
        self.environment = environment
    }
}

extension GuardRules {
    /// Rules that an older program has stored get the defaults for what it did not know.
    package init(from decoder: any Decoder) throws {
        let stored = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            value = try stored.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.write, &write)
        try read(.alsoAllow, &alsoAllow)
        try read(.forbid, &forbid)
        try read(.discard, &discard)
        maxChangedLines = try stored.decodeIfPresent(Int.self, forKey: .maxChangedLines)
        maxChangedFiles = try stored.decodeIfPresent(Int.self, forKey: .maxChangedFiles)
        try read(.maxBinary, &maxBinary)
        try read(.mustChange, &mustChange)
        try read(.tests, &tests)
        try read(.suppressions, &suppressions)
        try read(.conflictMarkers, &conflictMarkers)
        try read(.secrets, &secrets)
        try read(.leftovers, &leftovers)
        try read(.placeholders, &placeholders)
        try read(.emptiedFiles, &emptiedFiles)
        try read(.symlinks, &symlinks)
        try read(.modes, &modes)
        try read(.submodules, &submodules)
        try read(.gitAttributes, &gitAttributes)
        try read(.custom, &custom)
    }
}
