/// Rules on the diff of an attempt.
package struct GuardRules: Codable, Sendable, Equatable {
    package enum WriteSet: String, Codable, Sendable, CaseIterable {
        case taskFiles = "task-files"
        case scope
        case repository
    }

    /// Rules for changes to tests.
    package enum Tests: String, Codable, Sendable, CaseIterable {
        /// Tests and assertions must stay, and tests may not be skipped.
        case keep
        /// The migration changes the tests themselves.
        case allow
    }

    /// Whether a change that most migrations do not need is refused or allowed.
    package enum Answer: String, Codable, Sendable, CaseIterable {
        case refuse
        case allow
    }

    package var write: WriteSet
    /// Globs of files that any task may also change.
    package var alsoAllow: [String]
    /// Globs of files that no task may change. They override the other rules.
    package var forbid: [String]
    /// Globs of files that tools leave behind in a slot. They are neither rejected nor committed.
    package var discard: [String]
    /// Maximum added plus removed lines in one attempt; nil for no limit.
    package var maxChangedLines: Int?
    /// Maximum files that one attempt changes; nil for no limit.
    package var maxChangedFiles: Int?
    /// Maximum bytes of a new binary file.
    package var maxBinary: Int
    /// Whether every file of a task must change, unless a `done` check covers it.
    package var mustChange: Bool
    package var tests: Tests
    /// Comments and attributes that silence a checker.
    package var suppressions: Answer
    package var conflictMarkers: Answer
    package var secrets: Answer
    /// Files that workers and editors leave behind: backups, rejects, folders of agents.
    package var leftovers: Answer
    /// Comments that stand in for code.
    package var placeholders: Answer
    package var emptiedFiles: Answer
    /// Links that point outside the repository.
    package var symlinks: Answer
    package var modes: Answer
    package var submodules: Answer
    package var gitAttributes: Answer
    /// Commands that judge a diff, in order.
    package var custom: [CustomGuard]
    /// nil if the coverage of files may fall.
    package var coverage: Coverage?

    /// Limits on what tests no longer run.
    package struct Coverage: Codable, Sendable, Equatable {
        /// Percentage points by which the share of a file's lines that tests run may fall.
        package var drop: Double

        package init(drop: Double) { self.drop = drop }
    }

    package static let defaultMaxBinary = 1 << 20

    package init(
        write: WriteSet = .taskFiles, alsoAllow: [String] = [], forbid: [String] = [], discard: [String] = [],
        maxChangedLines: Int? = nil, maxChangedFiles: Int? = nil, maxBinary: Int = GuardRules.defaultMaxBinary,
        mustChange: Bool = false, tests: Tests = .keep, suppressions: Answer = .refuse,
        conflictMarkers: Answer = .refuse, secrets: Answer = .refuse, leftovers: Answer = .refuse,
        placeholders: Answer = .refuse, emptiedFiles: Answer = .refuse, symlinks: Answer = .refuse,
        modes: Answer = .refuse, submodules: Answer = .refuse, gitAttributes: Answer = .refuse,
        custom: [CustomGuard] = [], coverage: Coverage? = nil
    ) {
        self.coverage = coverage
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
    /// What it requires, in one sentence for prompts; may be empty.
    package var rule: String
    /// Seconds.
    package var timeout: Double
    /// Like `VerifyRules.environment`.
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
    /// Rules stored by an older program get defaults for missing keys.
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
        coverage = try stored.decodeIfPresent(Coverage.self, forKey: .coverage)
    }
}
