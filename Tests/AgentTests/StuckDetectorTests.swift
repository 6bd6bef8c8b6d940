import Testing

@testable import Agent

@Suite("Going round in circles")
struct StuckDetectorTests {
    /// Each letter is a turn of one call; a capital one fails. `a1` and `a2` are the same call with other results.
    private func turns(_ words: String) -> Int? {
        var rules = StuckDetector()
        for (number, word) in words.split(separator: " ").enumerated() {
            let calls =
                word == "-"
                ? []
                : word.split(separator: "+").map { part in
                    (
                        action: String(part.prefix(1)), result: String(part.dropFirst()),
                        isError: part.first?.isUppercase ?? false
                    )
                }
            if rules.take(calls) != nil { return number + 1 }
        }
        return nil
    }

    @Test(
        arguments: [
            ("a a a a", 4), ("a a a b a a a a", 8), ("a1 a2 a1 a3 a1 a1 a1", nil), ("a1 a2 a3 a4", nil),
            ("A B C", 3), ("A B c A B", nil), ("A+b A+c A+d", nil), ("a b a b a b", 6), ("a b a b c a b a b a b", 11),
            ("a1 b a2 b a3 b", nil), ("a+a+a+a", 1), ("a+b a+b a+b", 3), ("- - -", 3), ("- - a - -", nil),
            ("a b c a b c a b c", nil),
        ] as [(String, Int?)])
    func `rules`(_ words: String, _ turn: Int?) { #expect(turns(words) == turn) }
}
