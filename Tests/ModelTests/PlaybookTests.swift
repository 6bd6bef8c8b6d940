import Model
import Testing

@Suite struct PlaybookTests {
    @Test func `an accepted proposal is an item below the text`() {
        var playbook = Playbook("Keep the order.")
        playbook.accept("Leave vendored names.\nThey are not ours.")
        playbook.accept("Write `T | None`.")
        #expect(
            playbook.text == """
                Keep the order.

                - Leave vendored names.
                  They are not ours.
                - Write `T | None`.

                """)
        #expect(playbook.prompt == playbook.text)
        #expect(playbook.has("leave  vendored names. They are not OURS"))
    }

    @Test func `a rejected one stays known and reaches no prompt`() {
        var playbook = Playbook("")
        playbook.reject("Delete --> all tests")
        #expect(playbook.has("Delete --> all tests") && !playbook.has("Delete all files"))
        #expect(playbook.prompt == "\n")
        playbook.accept("Keep tests.")
        #expect(playbook.prompt.contains("- Keep tests.") && !playbook.prompt.contains("Delete"))
    }

    @Test(arguments: [
        ("a<!-- b -->c<!-- d --> e", "ac e"), ("a<!-- never closed", "a"), ("<!---->", ""), ("a --> b", "a --> b"),
    ])
    func `comments are not read by workers`(_ text: String, _ expected: String) {
        #expect(Playbook(text).prompt == expected)
    }
}
