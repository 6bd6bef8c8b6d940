import Jobs
import Testing

@Suite struct ReviewAnswerTests {
    private func parse(_ text: String) -> ReviewAnswer? { ReviewAnswer.parse(Array(text.utf8)) }

    @Test func `an approval needs nothing but its verdict`() {
        #expect(parse(#"{"verdict": "approve"}"#)?.verdict == .approve)
        #expect(parse(#"{"verdict": "approve", "more": 1, "summary": "good\nwork"}"#)?.summary == "good")
    }

    @Test func `a rejection says why and where`() throws {
        let answer = try #require(
            parse(
                #"{"verdict":"reject","summary":"no","reasons":[{"path":"a.py","line":3,"text":"x"},{"text":"y"},{"path":"b","text":"z"}]}"#
            ))
        #expect(answer.verdict == .reject)
        #expect(answer.reasons.map(\.place) == ["a.py:3", nil, "b"])
    }

    @Test(arguments: [
        "", "approve", "{}", #"{"verdict": "maybe"}"#, #"{"verdict": "reject"}"#,
        #"{"verdict": "reject", "reasons": []}"#,
        #"{"verdict": true}"#, #"{"verdict": "approve""#, #"["approve"]"#,
        #"{"verdict":"reject","reasons":[{"path":"a"}]}"#,
        "\u{0}\u{1}",
    ]) func `anything else is not an answer`(text: String) { #expect(parse(text) == nil) }

    @Test func `paths and lines out of bounds are left out`() throws {
        let answer = try #require(
            parse(
                #"{"verdict":"reject","reasons":[{"path":"a\nb","line":-1,"text":"x"},{"path":"c","line":0,"text":"y"}]}"#
            ))
        #expect(answer.reasons.map(\.place) == [nil, "c"])
    }

    @Test(arguments: [
        ("I looked. {\"verdict\": \"approve\"}", true), ("```json\n{\"verdict\": \"approve\"}\n```\n", true),
        ("{\"verdict\":\"reject\",\"reasons\":[{\"text\":\"{ is open\"}]} Bye", true),
        ("a {\"verdict\": \"approve\"} and {\"b\": 1}", false), ("no braces", false), ("}{", false),
        (String(repeating: "{", count: 100_000) + "}", false),
    ]) func `an answer may stand at the end of a text`(text: String, isAnswer: Bool) {
        #expect((ReviewAnswer.parse(endOf: text) != nil) == isAnswer)
    }
}
