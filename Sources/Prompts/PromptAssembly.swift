import Model

/// Assembles a prompt: each part within its budget, in the order of the template.
package struct PromptAssembly: Sendable {
    package var material: PromptMaterial
    package var template: PromptTemplate
    /// Tokens for lessons, messages and transcripts together: `context.budget_tokens` of the plan.
    package var sharedBudget: Int
    /// Parts that are left out to make the prompt smaller.
    private var left: Set<PromptPart> = []

    package init(_ material: PromptMaterial, template: PromptTemplate = .standard, sharedBudget: Int = 2000) {
        self.material = material
        self.template = template
        self.sharedBudget = sharedBudget
    }

    /// Assembles a prompt of at most this many tokens. If that is impossible, all expendable parts are left out.
    package func assemble(within limit: Int) -> AssembledPrompt {
        var smaller = self
        var prompt = assemble()
        for part in PromptPart.expendable where prompt.tokens > limit {
            guard prompt.sections.contains(where: { $0.part == part && $0.kept > 0 }) else { continue }
            smaller.left.insert(part)
            prompt = smaller.assemble()
        }
        return prompt
    }

    package func assemble() -> AssembledPrompt {
        let omitted = left
        var texts: [PromptPart: String] = [:]
        var sections: [PromptPart: AssembledPrompt.Section] = [:]
        var messages: [Int] = []
        var left = sharedBudget
        for part in PromptPart.shared + PromptPart.allCases.filter({ !PromptPart.shared.contains($0) }) {
            let content = PartContent(part, of: material)
            guard !content.pieces.isEmpty else { continue }
            guard !omitted.contains(part) else {
                sections[part] = .init(
                    part: part, tokens: 0, budget: 0, kept: 0, offered: content.pieces.count,
                    cut: "the last prompt was larger than the model's window")
                continue
            }
            guard case .some(let written) = budget(of: part) else {
                sections[part] = .init(
                    part: part, tokens: 0, budget: 0, kept: 0, offered: content.pieces.count,
                    cut: "the worker's template does not name it")
                continue
            }
            let isShared = PromptPart.shared.contains(part)
            let budget = isShared ? min(written ?? left, left) : written ?? part.defaultBudget
            let fitted = content.fitted(into: budget)
            if isShared { left -= fitted.tokens }
            if fitted.kept > 0 { texts[part] = fitted.text }
            if part == .messages { messages = material.messages.prefix(fitted.kept).map(\.message.id) }
            sections[part] = .init(
                part: part, tokens: fitted.tokens, budget: budget, kept: fitted.kept, offered: content.pieces.count,
                cut: fitted.cut)
        }
        var paragraphs: [String] = []
        var order: [PromptPart] = []
        for segment in template.segments {
            switch segment {
            case .text(let text): paragraphs.append(text)
            case .part(let part, _):
                order.append(part)
                if let text = texts[part] { paragraphs.append(text) }
            }
        }
        let unnamed = PromptPart.allCases.filter { !order.contains($0) }
        return AssembledPrompt(
            text: paragraphs.joined(separator: "\n\n") + "\n", sections: (order + unnamed).compactMap { sections[$0] },
            messages: messages)
    }

    /// Returns the template's budget of a part: nil if the template does not name the part, and an inner nil without a
    /// figure.
    private func budget(of part: PromptPart) -> Int?? {
        for case .part(part, let budget) in template.segments { return .some(budget) }
        return nil
    }
}
