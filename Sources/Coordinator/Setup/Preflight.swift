import Foundation
import Git
import Model

/// Looks at what would go wrong with a plan in its repository before anything is started.
struct Preflight {
    let plan: Plan
    let repository: Repository
    let checkouts: CheckoutUse?

    /// Paths that one note names.
    private static let listed = 5

    /// Returns why the plan cannot be run; empty if nothing is known against it.
    func problems() throws(GitError) -> [String] {
        var problems: [String] = []
        for branch in [plan.integration, BranchNames.tasks(ofPlan: plan.name)] {
            for existing in try repository.referencesInTheWay(ofBranch: branch) {
                let error = GitError.referenceInTheWay(reference: "refs/heads/\(branch)", existing: existing)
                problems.append("\(error.message)\n  hint: \(error.hint ?? "")")
            }
        }
        if let problem = signingProblem { problems.append(problem) }
        return try problems + copies.problems() + notSent()
            + (checkouts?.findings() ?? []).filter(\.isFalseGreen).map { finding in
                """
                \(finding.text)
                  hint: such a check passes on broken work. Install the project without -e, make the environment inside the \
                check, or keep the checkout hidden: no 'sandbox: off' and no 'sandbox.read' of it
                """
            }
    }

    /// What the machines of executors would need and do not get.
    private func notSent() throws(GitError) -> [String] {
        // A missing base is reported where it is looked up.
        guard !plan.executors.isEmpty, let base = try? repository.resolve(plan.base) else { return [] }
        let modules = try repository.submodules(inTree: repository.treeOf(base)).map(\.path)
        let large = try repository.files(in: base, filteredBy: "lfs")
        return [(modules, "submodule", ""), (large, "file", " of Git LFS")]
            .filter { !$0.0.isEmpty }.map { paths, noun, more in
                """
                executor: the base has \(Count.text(paths.count, noun))\(more), which other machines do not get: \
                \(Self.list(paths))
                  hint: leave 'executor' out of the plan; attempts and checks then run in slots of this machine
                """
            }
    }

    private var copies: CopyAdvice { CopyAdvice(globs: plan.setup.copy, repository: repository, base: plan.base) }

    /// Returns what a person should know of the checkout and the configuration, one line each.
    func notes() throws(GitError) -> [String] {
        var notes = (checkouts?.findings() ?? []).filter { !$0.isFalseGreen }.map { finding in
            finding.text + (finding.hint.map { "\n  hint: \($0)" } ?? "")
        }
        if let note = try uncommitted() { notes.append(note) }
        notes += try copies.notes()
        if try repository.signsCommits(), plan.commit?.isSigned != true {
            notes.append(
                "commit.gpgsign is set, and the commits of this run are not signed\n  hint: write 'commit: {sign: true}' in the plan"
            )
        }
        if try repository.configIdentity() == nil {
            notes.append(
                "user.name and user.email are not set: commits are made as 'orchestrate <orchestrate@localhost>'; "
                    + "'git config --global user.name NAME' changes that")
        }
        return notes
    }

    /// Why git cannot sign a commit of the run; nil if it can, or need not.
    private var signingProblem: String? {
        guard plan.commit?.isSigned == true else { return nil }
        do {
            // A commit of the base's tree that no reference names.
            let signature = try repository.signatureNow()
            _ = try repository.commit(
                tree: try repository.treeOf(try repository.resolve(plan.base)), parents: [],
                message: "a trial of commit.sign",
                author: signature, committer: signature, isSigned: true)
            return nil
        } catch GitError.command(_, _, let output) {
            let key = "git config user.signingKey KEY"
            return
                "commit.sign: git cannot sign commits: \(OutsideText.line(output))\n  hint: name a key with '\(key)' (and "
                + "'git config gpg.format ssh' for an SSH key), and try 'git commit-tree -S -m test HEAD^{tree}'"
        } catch {
            // A missing base is reported where it is looked up.
            return nil
        }
    }

    private var scopes: [(include: GlobSet, exclude: GlobSet)] {
        plan.stages.compactMap { stage in
            guard let include = try? GlobSet(stage.scope.include), let exclude = try? GlobSet(stage.scope.exclude)
            else {
                return nil
            }
            return (include, exclude)
        }
    }

    /// Files in scope whose content in the checkout is not that of a commit.
    private func uncommitted() throws(GitError) -> String? {
        let scopes = scopes
        let paths = try repository.uncommittedPaths().filter { path in
            scopes.contains { $0.include.matches(path) && !$0.exclude.matches(path) }
        }
        guard !paths.isEmpty else { return nil }
        let are = paths.count == 1 ? "1 file in scope is" : "\(paths.count) files in scope are"
        return "\(are) changed or untracked in your checkout; a run works on commits, so this is not part of it: "
            + Self.list(paths)
    }

    /// Returns the entries in the scope that no task can change, with the reason; one line for each kind.
    func leftOut(_ graph: RepositoryGraph, undecodable: [String]) -> [String] {
        let scopes = scopes
        func inScope(_ path: String) -> Bool {
            scopes.contains { $0.include.matches(path) && !$0.exclude.matches(path) }
        }
        let odd = graph.files.filter { !$0.traits.isDisjoint(with: .noFile) && inScope($0.path) }
        let links = odd.filter { $0.traits.contains(.symbolicLink) }.map(\.path)
        let submodules = odd.filter { $0.traits.contains(.submodule) }.map(\.path)
        let others = graph.files.filter { file in
            file.traits.isDisjoint(with: .noFile) && inScope(file.path)
                && plan.stages.allSatisfy { $0.decompose.strategy != .list && $0.scope.leavesOut(file) }
        }.map(\.path)
        // Their names cannot be matched exactly, but the quoted form has the same folders and the same ending.
        let names = undecodable.filter { inScope($0.trimmingCharacters(in: ["\""])) }
        return [
            (links, "symbolic link", "no task changes a link"),
            (submodules, "submodule", "no task changes another repository"),
            (others, "file", "the plan names no files, so only source code is done; scope.include changes that"),
            (names, "file", "the name is not UTF-8; rename it to have it done"),
        ].filter { !$0.0.isEmpty }.map { paths, noun, reason in
            "\(paths.count) \(noun)\(paths.count == 1 ? "" : "s") in scope left out: \(Self.list(paths)) (\(reason))"
        }
    }

    private static func list(_ paths: [String]) -> String {
        let shown = paths.prefix(listed).joined(separator: ", ")
        return paths.count > listed ? "\(shown) and \(paths.count - listed) more" : shown
    }
}

/// Where the state of a repository may be.
enum StatePlace {
    /// - Throws: `insideRepository` if the state folder or the home directory is inside the repository: every checkout,
    ///   every `git clean` and every job would reach it.
    static func check(state: String, home: String?, of repository: Repository) throws(CoordinatorError) {
        let roots = [repository.workingDirectory, repository.commonDirectory].compactMap { $0 }.map(resolved)
        for (what, variable, path) in [("the state folder", "XDG_STATE_HOME", state), ("HOME", "HOME", home ?? "")] {
            let real = resolved(path)
            guard path.hasPrefix("/"), let root = roots.first(where: { real == $0 || real.hasPrefix("\($0)/") }) else {
                continue
            }
            throw .insideRepository(what: what, path: path, variable: variable, repository: root)
        }
    }

    /// Resolves links in the part of a path that exists.
    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
