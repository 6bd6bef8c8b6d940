import Jobs
import Testing

/// What stands in the place of secret values.
@Suite struct RedactionTests {
    private let redaction = Redaction([
        .init(name: "SHORT", value: "abcdefgh"), .init(name: "LONG", value: "abcdefgh/ij\"k"),
        .init(name: "EMPTY", value: ""),
    ])

    @Test(arguments: [
        ("abcdefgh", "[SHORT]"), ("xabcdefghabcdefghx", "x[SHORT][SHORT]x"), ("abcdefgh/ij\"k", "[LONG]"),
        ("abcdefg", "abcdefg"), ("", ""), ("é abcdefgh é", "é [SHORT] é"),
        // As it stands in JSON.
        (#"{"a":"abcdefgh/ij\"k"}"#, #"{"a":"[LONG]"}"#), (#"{"a":"abcdefgh\/ij\"k"}"#, #"{"a":"[LONG]"}"#),
    ])
    func `the name stands in place of the value`(text: String, expected: String) {
        #expect(redaction.text(text) == expected)
    }

    @Test func `bytes that are no text stay`() {
        #expect(redaction.bytes([0xFF, 0xFE] + Array("abcdefgh".utf8)) == [0xFF, 0xFE] + Array("[SHORT]".utf8))
        #expect(Redaction.none.bytes([1, 2, 3]) == [1, 2, 3])
    }
}
