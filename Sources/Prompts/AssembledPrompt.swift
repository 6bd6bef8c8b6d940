/// A prompt, with a record of each of its parts.
package struct AssembledPrompt: Sendable, Equatable {
    /// The record of one part.
    package struct Section: Sendable, Equatable {
        package var part: PromptPart
        /// As `TokenEstimate` counts them.
        package var tokens: Int
        package var budget: Int
        /// Number of pieces in the prompt.
        package var kept: Int
        /// Number of pieces before cutting.
        package var offered: Int
        /// Why pieces were left out; empty if all are in.
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
    /// In the order of the prompt, without empty parts.
    package var sections: [Section]
    /// Numbers of the messages in the prompt.
    package var messages: [Int]

    package var tokens: Int { TokenEstimate.tokens(text) }
}
