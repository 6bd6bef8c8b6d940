import Jobs
import Model
import Testing

@Suite struct SplitMailTests {
    private func parse(_ text: String) -> Result<SplitProposal, SplitProposal.Malformed> {
        SplitProposal.parse(Array(text.utf8))
    }

    @Test func `a proposal is read with plain paths and numbers`() throws {
        let proposal = try parse(
            #"{"parts": [{"files": ["./a.py", "/etc/x"]}, {"name": 7, "files": ["b"], "after": [1, "7"]}]}"#
        ).get()
        #expect(proposal.parts[0].files == ["a.py", "/etc/x"])
        #expect(proposal.parts[1] == .init(name: "7", files: ["b"], after: ["1", "7"]))
        #expect(proposal.collate.isEmpty)
    }

    @Test(arguments: [
        ("7", "expected a mapping with the key 'parts'"), ("{}", "missing key 'parts'"),
        (#"{"parts": [{}]}"#, "missing key 'parts[0].files'"),
        (#"{"parts": [{"files": "a b"}]}"#, "'parts[0].files' has a value of the wrong kind"),
        (
            #"{"parts": [{"files": [], "task": "x"}]}"#,
            "'parts[0]': unknown key 'task'; the keys are name, files, instructions, after"
        ),
        (#"{"parts": [], "then": "x"}"#, "unknown key 'then'; the keys are parts, collate"),
        ("{", "it is not a proposal in JSON or YAML"),
    ])
    func `what is no proposal is refused in plain words`(text: String, reason: String) {
        #expect(parse(text) == .failure(.init(reason: reason)))
    }

    @Test func `long texts are cut, and a file that is too large is refused`() throws {
        let long = String(repeating: "é", count: 20_000)
        let proposal = try parse(#"{"parts": [{"files": ["a"], "instructions": "\#(long)"}], "collate": "x\u001b[1m"}"#)
            .get()
        #expect(proposal.parts[0].instructions.utf8.count <= SplitProposal.longestText + 8)
        #expect(!proposal.collate.contains("\u{1b}"))
        #expect(
            parse(String(repeating: " ", count: SplitProposal.largest + 1) + "{}")
                == .failure(.init(reason: "it is larger than 262144 bytes")))
    }
}
