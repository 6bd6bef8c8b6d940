import Foundation
package import Model

/// The playbook of a plan and the proposals for it.
package struct PlaybookReport: Sendable {
    private let plan: String
    /// nil if the plan names no playbook.
    private let path: String?
    private let playbook: Playbook
    private let tokens: Int
    private let budget: Int
    private let proposals: [PlaybookProposal]

    /// - Parameters:
    ///   - tokens: the estimate for its text in a prompt.
    ///   - budget: the largest part of a prompt that it gets, in tokens.
    package init(
        plan: String, path: String?, playbook: Playbook, tokens: Int, budget: Int, proposals: [PlaybookProposal]
    ) {
        self.plan = plan
        self.path = path
        self.playbook = playbook
        self.tokens = tokens
        self.budget = budget
        self.proposals = proposals
    }

    package func render(_ format: OutputFormat, _ layout: Layout) throws -> String {
        switch format {
        case .text: text(layout)
        case .json: try json()
        }
    }

    private func text(_ layout: Layout) -> String {
        var lines: [String] = []
        if let path {
            let size =
                "about \(tokens) of \(budget) tokens" + (tokens > budget ? ": prompts have its beginning only" : "")
            lines.append(layout.style.paint(TextWidth.safe("playbook of \(plan): \(path)"), .heading))
            lines += layout.wrapped(size) + [""]
            lines += playbook.prompt.split(separator: "\n", omittingEmptySubsequences: false).map {
                TextWidth.safe(String($0))
            }
            while lines.last?.isEmpty == true { lines.removeLast() }
        } else {
            lines.append(layout.style.paint(TextWidth.safe("plan '\(plan)' has no playbook"), .heading))
            lines.append("  hint: write 'playbook: playbook.md' in the plan, and the file beside it")
        }
        lines.append("")
        guard !proposals.isEmpty else {
            return (lines + layout.wrapped("no proposals: the playbook has what the runs of this plan taught")).joined(
                separator: "\n") + "\n"
        }
        lines.append(layout.style.paint("proposals from the runs of this plan", .heading))
        let rows = proposals.flatMap { proposal -> [[TextTable.Cell]] in
            let text = proposal.text.split(separator: "\n").map {
                [TextTable.Cell(""), .init(String($0))]
            }
            return [[.init("\(proposal.number)"), .init(Self.words(proposal), .faint)]] + text
        }
        lines += TextTable(rows: rows).lines(layout)
        let number = proposals[0].number
        lines += ["", "'orchestrate playbook --accept \(number)' adds one, '--reject \(number)' hides it"]
        return lines.joined(separator: "\n") + "\n"
    }

    static func words(_ proposal: PlaybookProposal) -> String {
        let landed = Count.text(proposal.landed.count, "task")
        switch proposal.source {
        case .lesson:
            return "lesson of \(proposal.task?.rawValue ?? "a person"), which \(landed) had that landed"
        case .note:
            let task = proposal.task ?? TaskID("")
            if proposal.landed.isEmpty { return "note for \(task), which has not landed" }
            if proposal.landed == [task] { return "note for \(task), which landed with it" }
            return "note for \(task) and others: \(landed) landed with it"
        }
    }

    // MARK: JSON

    private struct Document: Encodable {
        struct Proposal: Encodable {
            var number: Int
            var source: String
            var text: String
            var task: String?
            var landed: [String]
        }

        var version = 1
        var plan: String
        var path: String?
        var text: String
        var tokens: Int
        var proposals: [Proposal]
    }

    private func json() throws -> String {
        let document = Document(
            plan: plan, path: path, text: playbook.text, tokens: tokens,
            proposals: proposals.map { proposal in
                Document.Proposal(
                    number: proposal.number, source: proposal.source == .lesson ? "lesson" : "note",
                    text: proposal.text, task: proposal.task?.rawValue, landed: proposal.landed.map(\.rawValue))
            })
        return try DocumentJSON.text(document)
    }
}
