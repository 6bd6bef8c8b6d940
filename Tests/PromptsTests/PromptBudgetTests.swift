import Model
import Testing

@testable import Prompts

@Suite struct MessageScoreTests {
    private func message(_ kind: Message.Kind, from sender: Message.Sender = .task(TaskID("a"))) -> Message {
        Message(id: 1, kind: kind, sender: sender, audience: .everyone, body: "b", time: Timestamp(seconds: 0))
    }

    @Test(arguments: [
        (Message.Kind.decision, 60), (.interfaceChange, 50), (.warning, 40), (.answer, 30), (.lesson, 30),
        (.question, 5),
    ])
    func `each kind has its own weight`(kind: Message.Kind, score: Int) {
        #expect(RankedMessage(message: message(kind)).score == score)
    }

    @Test func `every relation to the task adds to the score`() {
        let lesson = message(.lesson)
        #expect(RankedMessage(message: message(.lesson, from: .human)).score == 110)
        #expect(RankedMessage(message: message(.lesson, from: .coordinator)).score == 30)
        #expect(RankedMessage(message: lesson, isDirect: true).score == 1030)
        #expect(RankedMessage(message: lesson, sharesFile: true).score == 90)
        #expect(RankedMessage(message: lesson, sharesDirectory: true).score == 50)
        #expect(RankedMessage(message: lesson, sharesFailure: true).score == 55)
        #expect([0, 1, 3, 4, 9].map { RankedMessage(message: lesson, distance: $0).score } == [70, 60, 40, 30, 30])
    }

    @Test func `age costs one point for each doubling`() {
        let lesson = message(.lesson)
        #expect(
            [0, 1, 2, 3, 4, 7, 8].map { RankedMessage(message: lesson, age: $0).score } == [30, 29, 28, 28, 27, 27, 26])
    }

    @Test func `equal texts differ only in case, spaces and punctuation`() {
        #expect(RankedMessage.normalised("  Use `x_1`,\nNOT y! ") == "use x 1 not y")
        #expect(RankedMessage.normalised("Ä2") == "ä2")
        #expect(RankedMessage.normalised("...") == "")
    }
}

@Suite struct PromptBudgetTests {
    private func content(_ pieces: [String]) -> PartContent {
        PartContent(pieces: pieces) { "H:" + $0.joined(separator: "\n") }
    }

    @Test func `a part that fits exactly is whole`() {
        // "H:" and 14 bytes are 4 tokens.
        let whole = content([String(repeating: "x", count: 14)])
        let fitted = whole.fitted(into: 4)
        #expect(fitted.tokens == 4 && fitted.kept == 1 && fitted.cut.isEmpty)
        #expect(whole.fitted(into: 3).kept == 0)
    }

    @Test func `the last pieces are dropped first, and their number is reported`() {
        let pieces = ["a", "b", "c"].map { String(repeating: $0, count: 40) }
        // The wrapping takes one token, and each piece ten and one for its separator.
        let fitted = content(pieces).fitted(into: 23)
        #expect(fitted.text == "H:" + pieces[0] + "\n" + pieces[1])
        #expect(fitted.kept == 2 && fitted.cut == "1 more left out: over the part's budget")
        #expect(content(pieces).fitted(into: 22).kept == 1)
    }

    @Test func `a first piece that is too large is cut if its start is useful`() {
        let pieces = [String(repeating: "x", count: 400), "y"]
        let cut = content(pieces).fitted(into: 21)
        #expect(cut.kept == 1 && cut.tokens <= 21)
        #expect(cut.text == "H:" + String(repeating: "x", count: 68) + "\n[cut]")
        #expect(cut.cut == "its end was cut off; 1 more left out: over the part's budget")
        let none = content(pieces).fitted(into: 20)
        #expect(none.kept == 0 && none.text.isEmpty && none.tokens == 0)
        #expect(none.cut == "2 more left out: over the part's budget")
    }

    @Test func `lessons take from the shared budget before messages`() {
        var material = PromptMaterial(
            goal: "g", task: MigrationTask(id: TaskID("a"), title: "t", files: ["a"]), verify: VerifyRules(), rules: [],
            attempt: 1, failures: [])
        material.lessons = "- " + String(repeating: "l", count: 400)
        let body = String(repeating: "m", count: 300)
        material.messages = [
            RankedMessage(
                message: Message(
                    id: 1, kind: .lesson, sender: .coordinator, audience: .everyone, body: body,
                    time: Timestamp(seconds: 0)))
        ]
        let all = PromptAssembly(material, sharedBudget: 2000).assemble()
        let lessons = all.sections.first { $0.part == .lessons }?.tokens ?? 0
        let prompt = PromptAssembly(material, sharedBudget: lessons + 10).assemble()
        #expect(prompt.sections.first { $0.part == .lessons }?.kept == 1)
        let messages = prompt.sections.first { $0.part == .messages }
        #expect(messages?.kept == 0 && messages?.budget == 10)
        #expect(prompt.messages.isEmpty && all.messages == [1])
    }

    @Test func `a prefix never exceeds its tokens and ends between characters`() {
        #expect(TokenEstimate.prefix("abcdefgh", tokens: 1) == "abcd")
        #expect(TokenEstimate.prefix("abc😀", tokens: 1) == "abc")
        #expect(TokenEstimate.prefix("abc", tokens: 0) == "" && TokenEstimate.prefix("abc", tokens: -1) == "")
        #expect(TokenEstimate.prefix("abc", tokens: 9) == "abc")
        #expect(TokenEstimate.tokens("abcd") == 1 && TokenEstimate.tokens("é") == 1)
    }

    @Test func `a problem of a template names the line`() {
        func problem(_ text: String) -> PromptTemplate.Problem? {
            do throws(PromptTemplate.Problem) {
                _ = try PromptTemplate(parsing: text)
                return nil
            } catch { return error }
        }
        #expect(problem("a\n{{gaol}}")?.line == 2)
        #expect(problem("{{goal}}\n\n{{goal}}")?.description == "the part 'goal' occurs twice")
        #expect(problem("{{goal: x}}")?.description == "'x' is not a number of tokens")
        #expect(problem("{{goal: 0}}") == nil)
    }

    @Test func `done means every kind of check`() {
        let reviewer = Reviewer(name: "r", worker: Worker(name: "r", run: "r"), instructions: "Be strict.")
        let verify = VerifyRules(
            done: [Check(name: "d", run: "grep x {file}")], task: [Check(name: "t", run: "make")],
            landing: [Check(name: "l", run: "l")], doneReviewers: [reviewer])
        func lines(_ verify: VerifyRules) -> [String] {
            let material = PromptMaterial(
                goal: "g", task: MigrationTask(id: TaskID("a"), title: "t", files: ["a"]), verify: verify, rules: [],
                attempt: 1, failures: [])
            return PartContent(.done, of: material).pieces
        }
        #expect(
            lines(verify) == [
                "Each of these commands exits with 0. Run them before you end:\n\n    grep x a\n    make",
                "The whole project passes these, which run again when your work lands. Run them before you end:\n\n    l",
                "A reviewer who looks at the files finds nothing left to do: Be strict.",
            ])
        #expect(lines(VerifyRules()) == ["Every file of the task is migrated."])
    }
}
