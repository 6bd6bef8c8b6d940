package import Executors
import Foundation
package import Git
package import Model
package import Store

/// One look at the pull requests of a plan: it learns their states, brings their branches up to date and opens more.
///
/// Every step is stored before the next, and looks at the host first. So a round that is killed is simply done again.
package struct RequestRound: Sendable {
    private let split: IntegrationSplit
    private let shelf: RequestShelf
    private let tool: RequestTool
    private let notes: RequestNotes

    /// What a person asks of a round.
    package struct Options: Sendable {
        /// Whether commits that somebody has reviewed may be replaced by a push with force.
        package var isForced = false
        /// Whether anything is pushed or opened.
        package var publishes = true

        package init(isForced: Bool = false, publishes: Bool = true) {
            self.isForced = isForced
            self.publishes = publishes
        }
    }

    package init(
        repository: Repository, plan: Plan, state: StateFolder, environment: [String: String], executors: ExecutorSet
    ) {
        split = IntegrationSplit(
            repository: repository, plan: plan, state: state, environment: environment, executors: executors)
        shelf = RequestShelf(state, plan: plan.name)
        tool = RequestTool(folder: repository.location, environment: environment)
        notes = RequestNotes(state, plan: plan.name)
    }

    /// Carries out a round.
    /// - Parameter told: called with what was done, for people.
    /// - Returns: the branches and pull requests as they are now.
    /// - Throws: `LandError.noSplit` if nothing has been divided.
    package func run(_ options: Options, _ told: @escaping @Sendable (String) -> Void) async throws -> RequestBook {
        guard var book = try shelf.load() else { throw LandError.noSplit(plan: split.plan.name) }
        guard let remote = book.remote else { return book }
        let address = try split.repository.remoteAddress(remote) ?? remote
        let host = try host(at: address)
        try learn(&book, host)
        if options.publishes {
            let base = try fetch(book.target, from: remote)
            if try (base != nil && book.base != base) || book.tip != split.repository.branchTip(split.plan.integration)
            {
                told("the base or the integration branch has moved: the branches are built and checked again")
                book = try await split.split(
                    .init(rule: book.rule, target: book.target, base: base, isGitLab: Self.isGitLab(address)), told)
            }
            try update(&book, host, remote: remote, options, told)
            try open(&book, host, remote: remote, told)
        }
        try shelf.save(book)
        return book
    }

    /// Returns the current commit of a branch of the remote, kept in a reference of this program.
    package func fetch(_ branch: String, from remote: String) throws -> ObjectID? {
        let reference = "refs/orchestrate-pr/\(split.plan.name)/target"
        do {
            try tool.run(["git", "fetch", "--quiet", "--no-tags", remote, "+refs/heads/\(branch):\(reference)"])
        } catch LandError.tool(_, let text) where text.contains("couldn't find remote ref") {
            return nil
        }
        return try split.repository.value(of: reference)
    }

    package static func isGitLab(_ address: String) -> Bool { address.contains("gitlab") }

    private func host(at address: String) throws -> any RequestHost {
        let isGitLab = Self.isGitLab(address)
        let tools = isGitLab ? ["glab", "gh"] : ["gh", "glab"]
        guard let found = tools.first(where: tool.isInstalled) else { throw LandError.noForge(remote: address) }
        if found == "glab" { return GitLabHost(tool: tool, repository: address) }
        guard let name = RemoteAddress(address) else { throw LandError.noRepository(address: address) }
        return GitHubHost(tool: tool, repository: name.text)
    }

    // MARK: Learning

    private func learn(_ book: inout RequestBook, _ host: any RequestHost) throws {
        for position in book.requests.indices {
            guard var opened = book.requests[position].request, opened.state.phase != .merged else { continue }
            opened.state = try host.state(of: opened.number)
            book.requests[position].request = opened
            let news = opened.state.feedback.filter { !book.requests[position].told.contains($0.id) }
            for feedback in news {
                // What was said about another commit stays about that one, also after the next push.
                if opened.state.head == book.requests[position].pushed {
                    try notes.add(feedback, number: opened.number, of: book.requests[position])
                }
                book.requests[position].told.append(feedback.id)
            }
        }
        try shelf.save(book)
    }

    // MARK: Branches that were pushed

    private func update(
        _ book: inout RequestBook, _ host: any RequestHost, remote: String, _ options: Options,
        _ told: @Sendable (String) -> Void
    ) throws {
        for position in book.requests.indices {
            let request = book.requests[position]
            guard let opened = request.request, opened.state.phase == .open || opened.state.phase == .draft,
                !request.isMerged
            else { continue }
            if request.pushed != request.commit {
                if opened.state.isReviewed, !options.isForced, try !isForward(request) {
                    told(
                        "#\(opened.number) \(request.name): not pushed, because it has been reviewed; 'orchestrate prs --force' pushes it"
                    )
                    continue
                }
                try push(&book.requests[position], to: remote)
                try shelf.save(book)
                told("#\(opened.number) \(request.name): pushed \(request.commit.short)")
            }
            let base = base(of: request, in: book)
            if opened.state.base != base, !opened.state.base.isEmpty {
                try host.retarget(opened.number, to: base)
                book.requests[position].request?.state.base = base
                told("#\(opened.number) \(request.name): now goes to \(base)")
            }
        }
    }

    private func isForward(_ request: BranchRequest) throws -> Bool {
        guard let pushed = request.pushed else { return true }
        return try split.repository.isAncestor(pushed, of: request.commit)
    }

    /// The branch below, or the target once everything below is merged.
    private func base(of request: BranchRequest, in book: RequestBook) -> String {
        var next = request.parent
        while let name = next, let below = book.requests.first(where: { $0.branch == name }) {
            if !below.isMerged, below.request?.state.phase != .merged { return name }
            next = below.parent
        }
        return book.target
    }

    /// Pushes a branch. What somebody else has pushed to it is never overwritten.
    private func push(_ request: inout BranchRequest, to remote: String) throws {
        let reference = "refs/heads/\(request.branch)"
        let listed = try tool.run(["git", "ls-remote", remote, reference])
        let there = listed.split(whereSeparator: \.isWhitespace).first.flatMap { ObjectID(hex: String($0)) }
        if there != request.commit {
            var command = ["git", "push", "--quiet", remote, "\(request.commit.hex):\(reference)"]
            if let there {
                // An own commit is known here: a killed round may have pushed it.
                let isOwn = there == request.pushed || (try? split.repository.commit(there)) != nil
                guard isOwn else { throw LandError.foreignCommits(branch: request.branch, remote: remote) }
                command.insert("--force-with-lease=\(reference):\(there.hex)", at: 3)
            }
            try tool.run(command)
        }
        request.pushed = request.commit
    }

    // MARK: New pull requests

    private func open(
        _ book: inout RequestBook, _ host: any RequestHost, remote: String, _ told: @Sendable (String) -> Void
    ) throws {
        var waiting = 0
        var reason = ""
        for position in book.requests.indices where book.requests[position].request == nil {
            let request = book.requests[position]
            guard !request.isMerged, isReady(request, in: book) else { continue }
            let times = book.requests.compactMap { $0.request?.opened }
            let count = book.requests.count { $0.request?.state.phase == .open || $0.request?.state.phase == .draft }
            if let room = book.limits.room(at: .now, opened: times, open: count), room.count == 0 {
                waiting += 1
                reason = room.reason
                continue
            }
            try push(&book.requests[position], to: remote)
            try shelf.save(book)
            let known = try host.find(branch: request.branch)
            // One that was merged with other commits is of an earlier part of this name.
            let isEarlier = known?.phase == .merged && known?.head != request.commit
            let state = try (isEarlier ? nil : known) ?? host.open(draft(of: request, in: book))
            book.requests[position].request = .init(
                number: state.number, url: state.url, opened: .now, state: state)
            try shelf.save(book)
            told("#\(state.number) \(request.name): \(state.url)")
            if let note = host.link(chain(of: book.requests[position], in: book)) { told(note) }
        }
        if waiting > 0 { told("\(Count.text(waiting, "pull request")) not opened yet: \(reason)") }
    }

    /// Whether the branch below has been pushed, or is merged.
    private func isReady(_ request: BranchRequest, in book: RequestBook) -> Bool {
        guard let parent = request.parent, let below = book.requests.first(where: { $0.branch == parent }) else {
            return true
        }
        return below.isMerged ? isReady(below, in: book) : below.request != nil && below.request?.state.phase != .closed
    }

    /// The numbers of the pull requests below one and its own; empty if a branch below has others on top of it.
    private func chain(of request: BranchRequest, in book: RequestBook) -> [Int] {
        var numbers: [Int] = []
        var next: BranchRequest? = request
        while let found = next {
            if found.branch != request.branch, book.requests.count(where: { $0.parent == found.branch }) > 1 {
                return []
            }
            if let number = found.request?.number, !found.isMerged { numbers.append(number) }
            next = found.parent.flatMap { name in book.requests.first { $0.branch == name } }
        }
        return numbers.reversed()
    }

    private func draft(of request: BranchRequest, in book: RequestBook) -> RequestDraft {
        let base = base(of: request, in: book)
        var parts = [split.plan.goal.trimmingCharacters(in: .whitespacesAndNewlines)]
        if base != book.target { parts.append("Stacked on `\(base)`: merge that one first.") }
        parts += request.remarks.map { "Note: \($0)." }
        parts.append("Tasks:\n" + Self.list(request.tasks.map(\.rawValue)))
        parts.append("The landing checks passed on tree \(request.tree.hex).")
        let count = Count.text(request.files.count, "file")
        return RequestDraft(
            branch: request.branch, base: base, title: "\(split.plan.name): \(request.name) (\(count))",
            body: parts.joined(separator: "\n\n"))
    }

    /// Maximum tasks that a description names.
    private static let mostTasks = 100

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(mostTasks).map { "- \($0)" }
        return (names.count > mostTasks ? shown + ["- and \(names.count - mostTasks) more"] : shown).joined(
            separator: "\n")
    }
}

/// The name of a repository on its host.
struct RemoteAddress: Sendable, Equatable {
    var host: String
    /// Owner and name.
    var path: String

    var text: String { "\(host)/\(path)" }

    /// Reads `https://HOST/OWNER/NAME.git`, `ssh://git@HOST/OWNER/NAME` and `git@HOST:OWNER/NAME`.
    init?(_ address: String) {
        var rest = Substring(address)
        if let scheme = rest.range(of: "://") {
            rest = rest[scheme.upperBound...]
        } else {
            guard let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/") else { return nil }
            rest = Substring(rest[..<colon] + "/" + rest[rest.index(after: colon)...])
        }
        let parts = rest.split(separator: "/")
        guard parts.count >= 3 else { return nil }
        let place = parts[0].split(separator: "@").last ?? parts[0]
        host = String(place.split(separator: ":").first ?? place)
        var name = parts[1...].joined(separator: "/")
        if name.hasSuffix(".git") { name.removeLast(4) }
        path = name
    }
}
