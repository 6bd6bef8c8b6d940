/// A command that prepares a fresh checkout, such as the installation of dependencies.
package struct SetupStep: Codable, Sendable, Equatable {
    package var run: String
    /// Globs of the files that it depends on.
    package var inputs: [String]
    package var network: Bool
    /// Folders outside the checkout that it reads and writes, such as the cache of a package manager.
    package var cache: [String]

    /// Creates a step.
    /// - Parameter folder: a folder of the checkout that the step fills. It ignores itself, whatever `.gitignore` says.
    package init(
        _ run: String, inputs: [String], network: Bool = true, cache: [String] = [], into folder: String? = nil
    ) {
        self.run = folder.map { "mkdir -p \($0) && echo '*' >\($0)/.gitignore && \(run)" } ?? run
        self.inputs = inputs
        self.network = network
        self.cache = cache
    }
}

/// A command that may serve as a landing check.
package struct CheckProposal: Codable, Sendable, Equatable {
    package enum Purpose: String, Codable, Sendable, CaseIterable {
        case tests
        case types
        case build
        /// Only parses the files.
        case syntax
    }

    package var purpose: Purpose
    package var run: String
    /// Globs of JUnit files, or a format of the output.
    package var report: String?
    package var needsNetwork: Bool
    package var environment: [String]

    package init(
        _ purpose: Purpose, _ run: String, report: String? = nil, needsNetwork: Bool = false,
        environment: [String] = []
    ) {
        self.purpose = purpose
        self.run = run
        self.report = report
        self.needsNetwork = needsNetwork
        self.environment = environment
    }
}

/// How one project of a repository is built and tested.
package struct Toolchain: Codable, Sendable, Equatable {
    /// The language that the checks judge.
    package var language: String
    /// The name of the build tool or the package manager.
    package var tool: String
    /// Folder of the project from the root, with a `/` at its end; empty for the root.
    package var folder = ""
    /// Build files, manifests and lock files.
    package var files: [String]
    /// Folders of the checkout with installed dependencies.
    package var installed: [String] = []
    package var setup: [SetupStep] = []
    /// Proposals in the order in which to try them. Of each purpose, one is enough.
    package var checks: [CheckProposal] = []

    /// Returns the same with all commands and paths from the root of the repository.
    func moved(to folder: String) -> Toolchain {
        guard !folder.isEmpty else { return self }
        var moved = self
        let place = String(folder.dropLast())
        let enter =
            "cd \(place.contains(where: { !$0.isLetter && !$0.isNumber && !"-_./".contains($0) }) ? "'\(place)'" : place) && "
        moved.folder = folder
        moved.files = files.map { folder + $0 }
        moved.installed = installed.map { folder + $0 }
        moved.setup = setup.map { step in
            var step = step
            step.run = enter + step.run
            step.inputs = step.inputs.map { folder + $0 }
            return step
        }
        moved.checks = checks.map { check in
            var check = check
            check.run = enter + check.run
            check.report = check.report.map { $0.contains("/") ? folder + $0 : $0 }
            return check
        }
        return moved
    }
}

/// A kind of project that a scan recognises.
struct ProjectKind: Sendable {
    /// File names that make a folder a project of this kind. An entry that begins with `*` is an ending.
    let manifests: [String]
    /// Whether a project in the root has those in subfolders as its parts.
    var coversSubfolders = true
    /// Returns nil for a folder that is no such project.
    let detect: @Sendable (ProjectFolder) -> Toolchain?

    static let all: [ProjectKind] = [
        .python, .javaScript, .maven, .gradle, .plainJava, .go, .rust, .swift, .cMake, .meson, .autotools, .ruby, .php,
        .dotNet, .make,
    ]
}
