/// A prompt, and what came of each of its parts.
package struct AssembledPrompt: Sendable, Equatable {
    /// What became of one part.
    package struct Section: Sendable, Equatable {
        package var part: PromptPart
        /// As `TokenEstimate` counts them.
        package var tokens: Int
        package var budget: Int
        /// Pieces that are in, and that would have been.
        package var kept: Int
        package var offered: Int
        /// Why pieces were left out; empty if none was.
        package var cut: String

        package init(part: PromptPart, tokens: Int, budget: Int, kept: Int, offered: Int, cut: String) {
            self.part = part
            self.tokens = tokens
            self.budget = budget
            self.kept = kept
            self.offered = offered
            self.cut = cut
        }
    }

    package var text: String
    /// In the order of the prompt; parts with nothing to say are left out.
    package var sections: [Section]
    /// Numbers of the messages that are in it.
    package var messages: [Int]

    package var tokens: Int { TokenEstimate.tokens(text) }
}
