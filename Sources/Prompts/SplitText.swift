import Model

/// What a prompt says about the parts of a task: how to split it, or what became of its parts.
struct SplitText {
    let material: PromptMaterial

    init(_ material: PromptMaterial) { self.material = material }

    var content: PartContent {
        if let turn = material.lastTurn { return Self.lastTurn(turn) }
        return PartContent(pieces: material.split.map { [Self.offer($0)] } ?? []) { $0.joined(separator: "\n\n") }
    }

    private static func offer(_ offer: PromptMaterial.SplitOffer) -> String {
        let way =
            offer.tool.map { "Use the tool `\($0)`." }
                ?? """
                To do so:

                    "$ORCHESTRATE_PROGRAM" split --part "a.py b.py" --part "c.py" --then "what is left for you"

                With `--ordered`, each part follows the one before it. With `--file -`, instructions for each part are read from \
                standard input, in JSON or YAML: `{"parts": [{"files": ["a.py"], "instructions": "…"}], "collate": "…"}`.
                """
        return """
            ## Splitting the task

            If the task is too large for one turn, you may split it into at most \(Count.text(offer.most, "part")), each \
            with some of its files; files that are in no part stay yours. Each part becomes a task for another worker and \
            lands by itself. Then you get a last turn to put the results together. Split before you change anything: your \
            changes are dropped. If the answer is `accepted`, end at once. \(way)
            """
    }

    private static func lastTurn(_ turn: LastTurn) -> PartContent {
        let pieces = turn.parts.map { part in
            "\(part.task) (\(part.files.prefix(5).joined(separator: ", "))\(part.files.count > 5 ? ", …" : "")): "
                + words(part)
        }
        let left =
            turn.collate.trimmed.isEmpty ? "" : "\n\nWhat you left for this turn:\n\n" + DataFence.quoted(turn.collate)
        return PartContent(pieces: pieces) {
            "## Last turn\n\nThe task was split. This is what became of its parts; what has landed is in your checkout. Put the "
                + "results together: what no part could see alone, and what is not done. You may change all files of the "
                + "task.\n\n" + DataFence.quoted($0.joined(separator: "\n")) + left
        }
    }

    private static func words(_ part: LastTurn.Part) -> String {
        switch part.state {
        case .landed: "landed" + (part.commit.map { " as \($0.short)" } ?? "")
        case .alreadyDone: "was done already"
        case .failed: part.reason.isEmpty ? "failed" : "failed: \(part.reason)"
        case .skipped: "was skipped by a person"
        case .blocked: "was not begun: a part that it follows failed or was skipped"
        case .waiting, .ready, .running, .verified, .landing: "is not over yet"
        }
    }
}
