import Foundation
package import Model

/// The branches of a plan and their pull requests.
package struct RequestsReport: Sendable {
    private let book: RequestBook
    private let now: Timestamp

    /// Seconds without any change after which an open pull request is stale.
    private static let patience = 3 * 86_400.0

    package init(_ book: RequestBook, now: Timestamp) {
        self.book = book
        self.now = now
    }

    package func render(_ format: OutputFormat, _ layout: Layout) throws -> String {
        switch format {
        case .text: return text(layout)
        case .json:
            return try DocumentJSON.text(document)
        }
    }

    // MARK: Text

    private func text(_ layout: Layout) -> String {
        let counts = Dictionary(book.requests.map { (state(of: $0), 1) }, uniquingKeysWith: +)
        let words = counts.sorted { $0.key.order < $1.key.order }.map { "\($0.value) \($0.key.word)" }
        var lines = [
            layout.style.paint("\(book.plan) \u{2192} \(book.target)", .heading) + "  by \(book.rule.words)  "
                + words.joined(separator: ", ")
        ]
        var table = TextTable()
        for request in book.requests {
            let state = state(of: request)
            table.add(
                .init(request.request.map { "#\($0.number)" } ?? "-"), .init(state.word, state.role),
                .init(String(request.name.prefix(28))), .init(checks(of: request)), .init(review(of: request)),
                .init(age(of: request)))
            if let parent = request.parent, !request.isMerged {
                table.add(.init(""), .init(""), .init("on \(short(parent))", .faint))
            }
            for remark in request.remarks where !request.isMerged {
                table.add(.init(""), .init(""), .init(remark, .faint))
            }
            for feedback in request.request?.state.feedback ?? [] {
                table.add(.init(""), .init(""), .init("\(feedback.author): \(feedback.text.prefix(200))", .busy))
            }
        }
        lines += table.lines(layout)
        if book.requests.isEmpty { lines.append("  nothing has landed that \(book.target) does not have") }
        return lines.joined(separator: "\n") + "\n"
    }

    private enum State: String, Encodable {
        case scheduled, draft, open, stale, behind, merged, closed

        var word: String { rawValue }

        var order: Int {
            switch self {
            case .open: 0
            case .draft: 1
            case .behind: 2
            case .stale: 3
            case .scheduled: 4
            case .merged: 5
            case .closed: 6
            }
        }

        var role: Style.Role? {
            switch self {
            case .open: .busy
            case .merged: .good
            case .closed, .stale, .behind: .bad
            case .scheduled, .draft: .faint
            }
        }
    }

    private func state(of request: BranchRequest) -> State {
        guard let opened = request.request else { return request.isMerged ? .merged : .scheduled }
        switch opened.state.phase {
        case .merged: return .merged
        case .closed: return request.isMerged ? .merged : .closed
        case .open, .draft:
            if request.pushed != request.commit { return .behind }
            if opened.state.phase == .draft { return .draft }
            return now - (opened.state.updated ?? opened.opened) > Self.patience ? .stale : .open
        }
    }

    private func short(_ branch: String) -> String {
        guard let below = book.requests.first(where: { $0.branch == branch }) else { return branch }
        return below.request.map { "#\($0.number)" } ?? below.name
    }

    private func checks(of request: BranchRequest) -> String {
        let checks = request.request?.state.checks ?? []
        if checks.isEmpty { return request.request == nil ? "" : "no checks" }
        let failed = checks.filter { $0.outcome == .failed }
        if !failed.isEmpty { return "red: \(failed.prefix(2).map(\.name).joined(separator: ", "))" }
        let pending = checks.count { $0.outcome == .pending }
        return pending > 0 ? "\(pending) of \(checks.count) running" : "green"
    }

    private func review(of request: BranchRequest) -> String {
        guard let state = request.request?.state else { return request.owners.prefix(2).joined(separator: " ") }
        let names = state.reviewers.prefix(2).joined(separator: " ")
        let decision = state.decision.lowercased().replacing("_", with: " ")
        return [names, decision].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    private func age(of request: BranchRequest) -> String {
        guard let opened = request.request else { return "" }
        let minutes = Int(max(0, now - opened.opened) / 60)
        if minutes < 60 { return "\(minutes) m" }
        return minutes < 2880 ? "\(minutes / 60) h" : "\(minutes / 1440) d"
    }

    // MARK: JSON

    private struct Document: Encodable {
        struct Entry: Encodable {
            var name: String
            var branch: String
            var parent: String?
            var state: State
            var owners: [String]
            var tasks: [String]
            var files: [String]
            var commit: String
            var tree: String
            var pushed: String?
            var number: Int?
            var url: String?
            var opened: Double?
            var updated: Double?
            var reviewers: [String]
            var decision: String
            var checks: [RequestState.Check]
            var mergeable: String
            var remarks: [String]
            var feedback: [RequestFeedback]
        }

        var version = 1
        var plan: String
        var rule: String
        var target: String
        var remote: String?
        var base: String
        var tip: String
        var requests: [Entry]
    }

    private var document: Document {
        Document(
            plan: book.plan, rule: book.rule.words, target: book.target, remote: book.remote, base: book.base.hex,
            tip: book.tip.hex, requests: book.requests.map(entry))
    }

    private func entry(_ request: BranchRequest) -> Document.Entry {
        let seen = request.request?.state
        return Document.Entry(
            name: request.name, branch: request.branch, parent: request.parent, state: state(of: request),
            owners: request.owners, tasks: request.tasks.map(\.rawValue), files: request.files,
            commit: request.commit.hex, tree: request.tree.hex, pushed: request.pushed?.hex,
            number: request.request?.number, url: request.request?.url, opened: request.request?.opened.seconds,
            updated: seen?.updated?.seconds, reviewers: seen?.reviewers ?? [], decision: seen?.decision ?? "",
            checks: seen?.checks ?? [], mergeable: seen?.mergeable ?? "", remarks: request.remarks,
            feedback: seen?.feedback ?? [])
    }
}
