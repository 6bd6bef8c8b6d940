import Model
package import Review
import Store

extension ReviewQueue {
    /// Edits, values or members of a group that are listed.
    private static let listed = 8

    /// The queue for people, with a newline at the end.
    package func text(_ layout: Layout) -> String {
        var lines = heading(layout)
        for (place, group) in groups.enumerated() { lines += ["", ""] + block(group, number: place + 1, layout) }
        if items.isEmpty {
            lines.append("  nothing has landed yet")
        } else {
            lines += ["", "next: orchestrate review --approve GROUP, or --reject COMMIT --reason TEXT"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One group for people, with a newline at the end.
    package func text(of group: RankedGroup, _ layout: Layout) -> String {
        let number = (groups.firstIndex(of: group) ?? 0) + 1
        let members = group.group.members.map { items[$0] }
        let rows: [[TextTable.Cell]] = members.map { item in
            [.init(item.commit.short), .init(item.task.id.rawValue), .init(Self.words(item))]
        }
        return (block(group, number: number, layout) + Section.lines("all commits of the group", layout, rows: rows))
            .joined(separator: "\n") + "\n"
    }

    func heading(_ layout: Layout) -> [String] {
        let odd = groups.count { $0.group.isOdd }
        let decided = items.count { !$0.isOpen }
        let lines = linesToRead
        return [
            layout.style.paint(run.plan.integration, .heading)
                + "  \(Count.text(items.count, "commit")) in \(Count.text(groups.count, "group")), \(odd) odd, "
                + "\(decided) of \(items.count) decided",
            "  \(lines.inGroups) of \(Count.text(lines.all, "changed line")) to read; the riskiest groups come first",
        ] + SandboxText.lines(run.plan, layout)
    }

    /// The decision on a commit in words; empty while it is open.
    static func words(_ item: Item) -> String {
        let comment = item.comments.isEmpty ? "" : Count.text(item.comments.count, "comment")
        guard let decision = item.decision else { return comment }
        let text = decision.text.isEmpty ? "" : ": \(MessageText.line(decision.text))"
        return "\(decision.kind.words) by \(MessageText.line(decision.person))\(text)"
            + (comment.isEmpty ? "" : "; \(comment)")
    }

    private func block(_ ranked: RankedGroup, number: Int, _ layout: Layout) -> [String] {
        let group = ranked.group
        let open = open(in: ranked)
        let state = open == 0 ? "decided" : open == group.members.count ? "open" : "\(open) open"
        let title =
            "\(number). \(group.id)  \(Count.text(group.members.count, "commit"))  \(group.language)  \(group.worker)  \(state)"
        var lines = [layout.style.paint(TextWidth.safe(title), group.isOdd ? .bad : .heading)]
        lines += evidence(of: ranked, layout)
        for example in group.examples.prefix(1) {
            lines += ["", "  \(items[example].commit.short) \(TextWidth.safe(items[example].task.title))"]
            lines += DiffText.lines(items[example].diff, layout).map { "  \($0)" }
        }
        return lines
    }

    /// Everything about a group but its diff.
    /// - Parameter item: the member whose work is shown; nil for the example of the group.
    package func evidence(of ranked: RankedGroup, _ layout: Layout, about item: Item? = nil) -> [String] {
        let group = ranked.group
        var table = TextTable()
        for reason in ranked.reasons {
            let named = group.members.count > 1 && !group.isOdd ? names(reason.members) : ""
            table.add(.init(reason.kind == .odd ? "odd" : "risk", .bad), .init(reason.text + named))
        }
        if let nearest = group.nearest {
            let share = (100 * (1 - nearest.distance)).whole
            table.add(.init("almost"), .init("group \(nearest.group), \(share) % equal"))
            if !nearest.extra.isEmpty { table.add(.init("  more"), .init(Self.few(nearest.extra))) }
            if !nearest.missing.isEmpty { table.add(.init("  less"), .init(Self.few(nearest.missing))) }
        }
        for edit in group.edits.prefix(Self.listed) {
            let share = edit.commits == group.members.count ? "" : "  in \(edit.commits)"
            table.add(.init("edit"), .init(edit.text + share))
            for placeholder in edit.placeholders where group.members.count > 1 {
                table.add(.init("  \(placeholder.name)"), .init(Self.values(placeholder)))
            }
        }
        if group.edits.count > Self.listed {
            table.add(.init(""), .init("and \(group.edits.count - Self.listed) more edits"))
        }
        if let shown = item ?? group.examples.first.map({ items[$0] }) { addEvidence(shown, to: &table) }
        for family in families(of: ranked).prefix(Self.families) {
            table.add(.init("split"), .init(Self.words(family, in: group.id)))
        }
        let others = group.members.filter { !group.examples.prefix(1).contains($0) }
        if !others.isEmpty { table.add(.init("also"), .init(String(names(others).dropFirst(2)))) }
        return table.lines(layout)
    }

    /// Split tasks of a group that are listed.
    static let families = 3

    /// The commits of a split task and its parts, by group: those of this group first.
    static func words(_ family: Family, in group: String) -> String {
        let own = family.commits.filter { $0.group == group }.map(\.commit.short)
        let others = family.commits.filter { $0.group != group }.map { "\($0.commit.short) (group \($0.group))" }
        let shown = (own + others).prefix(listed).joined(separator: ", ")
        let more = family.commits.count - listed
        return "\(family.task) and its parts: \(shown)" + (more > 0 ? " and \(more) more" : "")
    }

    private func addEvidence(_ item: Item, to table: inout TextTable) {
        guard let attempt = item.attempt else { return table.add(.init("work"), .init(item.task.reason)) }
        let cost = attempt.usage.map { "; \(UsageText.words($0))" } ?? ""
        table.add(
            .init("work"),
            .init(
                "\(attempt.worker ?? "?"), attempt \(attempt.number) of \(item.task.attempts), "
                    + "\(TimeText.span(attempt.seconds ?? 0))\(cost)"))
        let checks = attempt.checks + (item.candidate?.checks ?? [])
        table.add(.init("checks"), .init(checks.isEmpty ? "none" : CheckText.summary(checks)))
        if let tree = item.candidate?.tree { table.add(.init("tree"), .init(tree.short)) }
        if item.lessons > 0 { table.add(.init("lessons"), .init(Count.text(item.lessons, "message"))) }
        if !attempt.reason.isEmpty { table.add(.init("reason"), .init(attempt.reason)) }
        let words = Self.words(item)
        if !words.isEmpty { table.add(.init("review"), .init(words)) }
    }

    /// A diff with colours, with a newline at its end.
    package static func colored(_ diff: String, _ layout: Layout) -> String {
        DiffText.lines(diff, layout).joined(separator: "\n") + "\n"
    }

    private func names(_ members: [Int]) -> String {
        let shown = members.prefix(4).map { "\(items[$0].commit.short)" }.joined(separator: ", ")
        return ": \(shown)" + (members.count > 4 ? " and \(members.count - 4) more" : "")
    }

    private static func few(_ edits: [String]) -> String {
        edits.prefix(4).joined(separator: "; ") + (edits.count > 4 ? "; and \(edits.count - 4) more" : "")
    }

    private static func values(_ placeholder: EditGroup.Placeholder) -> String {
        let shown = placeholder.values.map { $0.commits > 1 ? "\($0.text) (\($0.commits))" : $0.text }
        return shown.joined(separator: ", ") + (placeholder.more > 0 ? ", and \(placeholder.more) more" : "")
    }
}

/// A diff with colours.
enum DiffText {
    static func lines(_ diff: String, _ layout: Layout) -> [String] {
        OutsideText.lines(diff).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
            layout.style.paint(String(line), role(line))
        }
    }

    static func role(_ line: Substring) -> Style.Role? {
        if line.hasPrefix("+++") || line.hasPrefix("---") || line.hasPrefix("diff ") { return .heading }
        switch line.first {
        case "+": return .good
        case "-": return .bad
        case "@": return .busy
        default: return nil
        }
    }
}
