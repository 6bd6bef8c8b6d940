import Model

extension GraphReport {
    /// The graph for Graphviz (https://graphviz.org/doc/info/lang.html).
    func dot() -> String {
        let drawing = GraphGrouping(self, files: 300, directories: 100, links: 2000)
        var lines = ["digraph dependencies {"]
        if !drawing.note.isEmpty { lines.append("  // \(drawing.note)") }
        lines.append("  label=\(Self.dotQuoted(caption(drawing)))")
        lines.append("  rankdir=RL")
        lines.append("  node [shape=box, style=\"filled,rounded\", fillcolor=\"#ffffff\", fontname=\"sans-serif\"]")
        for (number, group) in drawing.groups.enumerated() where group.files > 0 {
            var attributes = "label=\(Self.dotQuoted(Self.label(group)))"
            if let color = group.color { attributes += ", fillcolor=\"\(color.fill)\"" }
            lines.append("  n\(number) [\(attributes)]")
        }
        for link in drawing.links {
            lines.append("  n\(link.from) -> n\(link.to)" + (link.edges > 1 ? " [label=\(link.edges)]" : ""))
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// The graph for Mermaid (https://mermaid.js.org/syntax/flowchart.html), within its default limits of 500
    /// edges and 50,000 characters.
    func mermaid() -> String {
        let drawing = GraphGrouping(self, files: 100, directories: 40, links: 400)
        var lines = ["flowchart RL"]
        // A comment has no entities, and braces in it begin a directive.
        let comment = TextWidth.safe(caption(drawing)).replacing("{", with: "(").replacing("}", with: ")")
        lines.append("  %% \(comment)")
        for (number, group) in drawing.groups.enumerated() where group.files > 0 {
            let color = group.color.map { ":::\($0)" } ?? ""
            lines.append("  n\(number)[\"\(Self.mermaidText(Self.label(group)))\"]\(color)")
        }
        for link in drawing.links {
            lines.append("  n\(link.from) -->\(link.edges > 1 ? "|\(link.edges)| " : " ")n\(link.to)")
        }
        if tasks != nil {
            for color in GraphColor.allCases { lines.append("  classDef \(color) fill:\(color.fill),color:#111") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func caption(_ drawing: GraphGrouping) -> String {
        let title = "\(name) at \(commit.short)"
        return drawing.note.isEmpty ? title : "\(title): \(drawing.note)"
    }

    private static func label(_ group: GraphGrouping.Group) -> String {
        let name = group.name == "*" ? "(top)" : group.name
        return group.files > 1 ? "\(name) (\(Count.text(group.files, "file")))" : name
    }

    /// A backslash begins an escape such as `\N` in quoted names of Graphviz, so it is doubled.
    private static func dotQuoted(_ text: String) -> String {
        let safe = TextWidth.safe(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(safe)\""
    }

    /// Mermaid allows HTML and Markdown in labels; entities are written as `#35;`.
    private static func mermaidText(_ text: String) -> String {
        var result = ""
        for scalar in TextWidth.safe(text).unicodeScalars {
            let isPlain =
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || " /.-_,:()".unicodeScalars.contains(scalar)
            if isPlain { result.unicodeScalars.append(scalar) } else { result += "#\(scalar.value);" }
        }
        return result
    }
}
