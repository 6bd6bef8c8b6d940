import Foundation
import Git
import Model

/// A pull request that is to be opened.
struct RequestDraft: Sendable {
    var branch: String
    var base: String
    var title: String
    var body: String
}

/// A site with pull requests, reached through the user's own program.
protocol RequestHost: Sendable {
    /// Returns the pull request of a branch: the open one, else the last; nil if there never was one.
    func find(branch: String) throws -> RequestState?
    func open(_ draft: RequestDraft) throws -> RequestState
    func state(of number: Int) throws -> RequestState
    /// Points a pull request at another branch.
    func retarget(_ number: Int, to base: String) throws
    /// Joins pull requests to a stack, the lowest first, where the site has stacks.
    /// - Returns: what a person should know; nil for nothing.
    func link(_ numbers: [Int]) -> String?
}

/// GitHub, through `gh`.
struct GitHubHost: RequestHost {
    let tool: RequestTool
    /// `HOST/OWNER/NAME`.
    let repository: String

    private static let fields =
        "number,url,state,isDraft,headRefOid,baseRefName,mergeable,mergeStateStatus,reviewDecision,reviewRequests,reviews,"
        + "statusCheckRollup,updatedAt"

    func find(branch: String) throws -> RequestState? {
        let found =
            try tool.json([
                "gh", "pr", "list", "--repo", repository, "--head", branch, "--state", "all", "--json", Self.fields,
            ]).array ?? []
        let states = found.compactMap { state($0, comments: []) }
        return states.first { $0.phase == .open || $0.phase == .draft } ?? states.max { $0.number < $1.number }
    }

    func open(_ draft: RequestDraft) throws -> RequestState {
        try tool.run([
            "gh", "pr", "create", "--repo", repository, "--base", draft.base, "--head", draft.branch, "--title",
            draft.title, "--body", draft.body,
        ])
        guard let made = try find(branch: draft.branch) else {
            throw LandError.tool("gh pr create", text: "the new pull request of '\(draft.branch)' cannot be found")
        }
        return made
    }

    func state(of number: Int) throws -> RequestState {
        let found = try tool.json(["gh", "pr", "view", "\(number)", "--repo", repository, "--json", Self.fields])
        let parts = repository.split(separator: "/")
        let comments = try? tool.json([
            "gh", "api", "--hostname", String(parts.first ?? ""),
            "repos/\(parts.dropFirst().joined(separator: "/"))/pulls/\(number)/comments?per_page=100",
        ]).array
        guard let state = state(found, comments: comments ?? []) else {
            throw LandError.tool("gh pr view", text: "it did not describe pull request \(number)")
        }
        return state
    }

    func retarget(_ number: Int, to base: String) throws {
        let parts = repository.split(separator: "/")
        try tool.run([
            "gh", "api", "--hostname", String(parts.first ?? ""), "--method", "PATCH",
            "repos/\(parts.dropFirst().joined(separator: "/"))/pulls/\(number)", "-f", "base=\(base)",
        ])
    }

    func link(_ numbers: [Int]) -> String? {
        guard numbers.count > 1, let extensions = try? tool.run(["gh", "extension", "list"]),
            extensions.contains("gh-stack") || extensions.contains("gh stack")
        else { return nil }
        do {
            try tool.run(["gh", "stack", "link"] + numbers.map { "\($0)" })
            return nil
        } catch {
            return "the stack of \(numbers.map { "#\($0)" }.joined(separator: ", ")) was not linked: \(error)"
        }
    }

    private func state(_ json: JSON, comments: [JSON]) -> RequestState? {
        guard let number = json["number"]?.integer, let word = json["state"]?.string else { return nil }
        let isDraft = json["isDraft"]?.bool ?? false
        let phase: RequestState.Phase =
            switch word {
            case "MERGED": .merged
            case "CLOSED": .closed
            default: isDraft ? .draft : .open
            }
        var state = RequestState(
            number: number, url: json["url"]?.string ?? "", phase: phase,
            head: json["headRefOid"]?.string.flatMap { ObjectID(hex: $0) }, base: json["baseRefName"]?.string ?? "")
        state.decision = json["reviewDecision"]?.string ?? ""
        state.mergeable = json["mergeStateStatus"]?.string ?? ""
        state.updated = json["updatedAt"]?.string.flatMap(Timestamp.init(iso8601:))
        state.checks = (json["statusCheckRollup"]?.array ?? []).compactMap(Self.check)
        let reviews = json["reviews"]?.array ?? []
        state.reviewers = Self.reviewers(json["reviewRequests"]?.array ?? [], reviews)
        // Words about an older commit may be done already.
        let current = reviews.filter { $0["commit"]?["oid"]?.string == state.head?.hex }
        state.isReviewed = !current.isEmpty
        state.feedback =
            current.compactMap(Self.feedback)
            + comments.filter { $0["commit_id"]?.string == state.head?.hex }.compactMap(Self.comment)
            + state.checks.filter { $0.outcome == .failed }.map { check in
                RequestFeedback(
                    id: "check:\(check.name):\(state.head?.short ?? "")", author: "check",
                    text: "the check '\(check.name)' failed")
            }
        return state
    }

    private static func check(_ json: JSON) -> RequestState.Check? {
        guard let name = json["name"]?.string ?? json["context"]?.string else { return nil }
        let word =
            [json["conclusion"]?.string, json["state"]?.string, json["status"]?.string].compactMap { $0 }
            .first { !$0.isEmpty } ?? ""
        switch word {
        case "SUCCESS", "NEUTRAL", "SKIPPED": return .init(name: name, outcome: .passed)
        case "FAILURE", "ERROR", "TIMED_OUT", "CANCELLED", "ACTION_REQUIRED", "STARTUP_FAILURE":
            return .init(name: name, outcome: .failed)
        default: return .init(name: name, outcome: .pending)
        }
    }

    private static func reviewers(_ asked: [JSON], _ reviews: [JSON]) -> [String] {
        var names = asked.compactMap { $0["login"]?.string ?? $0["slug"]?.string ?? $0["name"]?.string }
        for name in reviews.compactMap({ $0["author"]?["login"]?.string }) where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    private static func feedback(_ review: JSON) -> RequestFeedback? {
        guard let id = review["id"]?.string, let word = review["state"]?.string else { return nil }
        let text = review["body"]?.string ?? ""
        guard word == "CHANGES_REQUESTED" || word == "COMMENTED", !text.isEmpty else { return nil }
        return .init(id: "review:\(id)", author: review["author"]?["login"]?.string ?? "a reviewer", text: text)
    }

    private static func comment(_ comment: JSON) -> RequestFeedback? {
        guard let id = comment["id"]?.integer, let text = comment["body"]?.string, !text.isEmpty else { return nil }
        let line = comment["line"]?.integer.map { ":\($0)" } ?? ""
        return .init(
            id: "comment:\(id)", author: comment["user"]?["login"]?.string ?? "a reviewer",
            path: comment["path"]?.string, text: (comment["path"]?.string.map { "\($0)\(line): " } ?? "") + text)
    }
}

/// GitLab, through `glab`.
struct GitLabHost: RequestHost {
    let tool: RequestTool
    /// The full address of the project.
    let repository: String

    func find(branch: String) throws -> RequestState? {
        let found =
            try tool.json([
                "glab", "mr", "list", "--repo", repository, "--source-branch", branch, "--all", "--output", "json",
            ]).array ?? []
        let states = found.compactMap { state($0, notes: []) }
        return states.first { $0.phase == .open || $0.phase == .draft } ?? states.max { $0.number < $1.number }
    }

    func open(_ draft: RequestDraft) throws -> RequestState {
        try tool.run([
            "glab", "mr", "create", "--repo", repository, "--target-branch", draft.base, "--source-branch",
            draft.branch,
            "--title", draft.title, "--description", draft.body, "--yes",
        ])
        guard let made = try find(branch: draft.branch) else {
            throw LandError.tool("glab mr create", text: "the new merge request of '\(draft.branch)' cannot be found")
        }
        return made
    }

    func state(of number: Int) throws -> RequestState {
        let found = try tool.json([
            "glab", "mr", "view", "\(number)", "--repo", repository, "--comments", "--output", "json",
        ])
        guard let state = state(found, notes: found["Notes"]?.array ?? found["notes"]?.array ?? []) else {
            throw LandError.tool("glab mr view", text: "it did not describe merge request \(number)")
        }
        return state
    }

    func retarget(_ number: Int, to base: String) throws {
        // Without --yes: older versions do not know it here, and newer ones ask only with --fill.
        try tool.run(["glab", "mr", "update", "\(number)", "--repo", repository, "--target-branch", base])
    }

    func link(_ numbers: [Int]) -> String? { nil }

    private func state(_ json: JSON, notes: [JSON]) -> RequestState? {
        guard let number = json["iid"]?.integer, let word = json["state"]?.string else { return nil }
        let phase: RequestState.Phase =
            switch word {
            case "merged": .merged
            case "closed", "locked": .closed
            default: json["draft"]?.bool == true ? .draft : .open
            }
        var state = RequestState(
            number: number, url: json["web_url"]?.string ?? "", phase: phase,
            head: json["sha"]?.string.flatMap { ObjectID(hex: $0) }, base: json["target_branch"]?.string ?? "")
        state.reviewers = (json["reviewers"]?.array ?? []).compactMap { $0["username"]?.string }
        state.mergeable = json["detailed_merge_status"]?.string ?? ""
        state.updated = json["updated_at"]?.string.flatMap(Timestamp.init(iso8601:))
        if let pipeline = json["head_pipeline"], pipeline["sha"]?.string ?? state.head?.hex == state.head?.hex,
            let word = pipeline["status"]?.string
        {
            let outcome: RequestState.Check.Outcome =
                switch word {
                case "success", "skipped", "manual": .passed
                case "failed", "canceled": .failed
                default: .pending
                }
            state.checks = [.init(name: "pipeline", outcome: outcome)]
            if outcome == .failed {
                state.feedback.append(
                    .init(id: "check:pipeline:\(state.head?.short ?? "")", author: "check", text: "the pipeline failed")
                )
            }
        }
        // GitLab does not tell the commit of a note in general; a position has it.
        let people = notes.filter { $0["system"]?.bool != true }
        state.isReviewed = !people.isEmpty
        state.feedback += people.compactMap { note -> RequestFeedback? in
            guard let id = note["id"]?.integer, let text = note["body"]?.string, note["resolved"]?.bool != true,
                note["position"]?["head_sha"]?.string ?? state.head?.hex == state.head?.hex
            else { return nil }
            let path = note["position"]?["new_path"]?.string
            return RequestFeedback(
                id: "comment:\(id)", author: note["author"]?["username"]?.string ?? "a reviewer", path: path,
                text: (path.map { "\($0): " } ?? "") + text)
        }
        return state
    }
}

extension Timestamp {
    /// Reads a time such as `2026-01-02T03:04:05Z`.
    init?(iso8601 text: String) {
        let formatter = ISO8601DateFormatter()
        let short = text.replacing(/\.[0-9]+/, with: "")
        guard let date = formatter.date(from: short) else { return nil }
        self.init(seconds: date.timeIntervalSince1970)
    }
}
