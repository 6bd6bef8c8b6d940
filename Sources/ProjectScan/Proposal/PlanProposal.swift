import Model

/// A plan that `orchestrate init` writes.
package struct PlanProposal: Sendable {
    /// A worker of the ladder.
    package struct Rung: Sendable {
        package var use: String
        package var attempts: Int
        package var environment: [String]
        /// What the worker's file says about it.
        package var note: String

        package init(use: String, attempts: Int, environment: [String] = [], note: String = "") {
            self.use = use
            self.attempts = attempts
            self.environment = environment
            self.note = note
        }
    }

    /// A check and what was seen when it was tried.
    package struct TriedCheck: Sendable {
        package var name: String
        package var check: CheckProposal
        /// nil if it was not tried.
        package var trial: CheckTrial?

        package init(name: String, check: CheckProposal, trial: CheckTrial? = nil) {
            self.name = name
            self.check = check
            self.trial = trial
        }
    }

    package var name: String
    package var goal: String
    /// From the plan's folder.
    package var repository: String
    /// A short name for comments.
    package var title: String
    package var base: String?
    package var profile: ProjectProfile
    package var ladder: [Rung]
    /// Whether a worker of the ladder is paid for.
    package var hasAgent: Bool
    /// Agents of this machine that the ladder does not use.
    package var otherAgents: [String] = []
    /// A command that fails for a file before its migration.
    package var done: DoneProposal?
    package var checks: [TriedCheck]
    package var maxParallel: Int
    /// Whether plans may have the keys `setup` and `copy`.
    package var knowsSetup: Bool

    package init(
        name: String, goal: String, repository: String, title: String, base: String?, profile: ProjectProfile,
        ladder: [Rung], hasAgent: Bool, done: DoneProposal? = nil, checks: [TriedCheck], maxParallel: Int,
        knowsSetup: Bool
    ) {
        self.name = name
        self.goal = goal
        self.repository = repository
        self.title = title
        self.base = base
        self.profile = profile
        self.ladder = ladder
        self.hasAgent = hasAgent
        self.done = done
        self.checks = checks
        self.maxParallel = maxParallel
        self.knowsSetup = knowsSetup
    }

    /// Steps that prepare a slot, of all projects.
    var setup: [SetupStep] { profile.toolchains.flatMap(\.setup) }

    /// Names of variables that commands with network are given.
    package var networkVariables: [String] = []

    /// Variables by which a machine tells package managers its proxy, certificates and mirrors.
    private static let knownVariables = [
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "npm_config_registry", "NPM_CONFIG_REGISTRY", "GOPROXY",
        "GOPRIVATE", "GOSUMDB", "CARGO_HTTP_CAINFO", "MAVEN_OPTS", "GRADLE_OPTS",
    ]

    /// Returns the names that package managers need of an environment. Values stay out of the plan.
    package static func networkVariables(of environment: [String: String]) -> [String] {
        knownVariables.filter { environment[$0] != nil }
    }

    /// The commit that the checks were tried on.
    package var triedOn: String?
}

/// What was seen when a check ran on the base and on a copy of it with broken files.
package struct CheckTrial: Codable, Sendable, Equatable {
    package enum Verdict: String, Codable, Sendable {
        case passed
        /// It ran to its end and failed: the base is red.
        case failed
        /// Two runs on the base disagreed.
        case flaky
        /// It could not run: a program or a dependency is missing, or it ran no test.
        case broken
    }

    package var verdict: Verdict
    /// Of one run on the base.
    package var seconds: Double
    package var testsRun: Int?
    /// Whether it fails on a tree with broken files; nil if this was not tried.
    package var seesBrokenTree: Bool?
    /// The most relevant line of its output; empty if it passed.
    package var reason: String

    package init(
        verdict: Verdict, seconds: Double, testsRun: Int? = nil, seesBrokenTree: Bool? = nil, reason: String = ""
    ) {
        self.verdict = verdict
        self.seconds = seconds
        self.testsRun = testsRun
        self.seesBrokenTree = seesBrokenTree
        self.reason = reason
    }

    /// Whether a plan may use the check as a landing check.
    package var isUsable: Bool { verdict == .passed || verdict == .flaky || verdict == .failed }
}

/// A command that tells whether a file is migrated, derived from the settings of a codemod.
package struct DoneProposal: Sendable, Equatable {
    package var name: String
    package var run: String
    package var environment: [String]

    /// Returns nil for a codemod whose settings do not tell what it replaces.
    package init?(codemod: String, environment: [String]) {
        func value(_ key: String) -> String? {
            environment.first { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        switch codemod {
        case "replace":
            guard let pattern = value("REPLACE_PATTERN") else { return nil }
            name = "nothing to replace"
            run = "perl -0777 -ne 'exit 1 if /$ENV{REPLACE_PATTERN}/m' {file}"
            self.environment = ["REPLACE_PATTERN=\(pattern)"]
        case "ruff-fix":
            name = "ruff"
            run = "ruff check --isolated --no-cache --quiet $RUFF_RULES {file}"
            self.environment = ["RUFF_RULES=\(value("RUFF_RULES") ?? "--select UP")"]
        case "typing-regex", "typing-syntax":
            name = "no old names"
            run = "! grep -nE '^from typing import .*\\b(Dict|FrozenSet|List|Optional|Set|Tuple|Union)\\b' {file}"
            self.environment = []
        default: return nil
        }
    }
}
