import Testing

@testable import Verification

@Suite struct SHA256Tests {
    /// From FIPS 180-4's examples; the longest crosses the place of the length.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func `digests are those of the standard`(text: String, digest: String) {
        var whole = SHA256()
        whole.update(Array(text.utf8))
        #expect(whole.digest() == digest)
        var parts = SHA256()
        for byte in text.utf8 { parts.update([byte]) }
        #expect(parts.digest() == digest)
    }

    @Test func `where one field ends and the next begins matters`() {
        var first = SHA256()
        first.add("ab")
        first.add("c")
        var second = SHA256()
        second.add("a")
        second.add("bc")
        #expect(first.digest() != second.digest())
    }
}
