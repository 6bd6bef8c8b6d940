import Jobs
import Testing

struct SlotPathsTests {
    @Test(arguments: [
        ("/s/p/1/tree/src/a.py:3 bad", "src/a.py:3 bad"), ("in /s/p/1/tree", "in ."), ("'/s/p/1/tree/'", "'.'"),
        ("/s/p/1/tree2/a", "/s/p/1/tree2/a"), ("cd /s/p/1/tree && x /s/p/22/tree/y", "cd . && x y"),
        ("/s/p/setup/build/0/tree/a", "a"), ("/s/p/1/tree/tree/a", "tree/a"), ("/s/px/1/tree/a", "/s/px/1/tree/a"),
        ("/s/p/lessons", "/s/p/lessons"), ("/tmp/a", "/tmp/a"), ("", ""),
    ]) func `a path in a slot is shown as in the repository`(text: String, shown: String) {
        #expect(SlotPaths(folder: "/s/p").relative(text) == shown)
    }

    @Test func `texts that leave a job have such paths`() {
        let redaction = Redaction([.init(name: "KEY", value: "abcdefgh")], paths: SlotPaths(folder: "/s/p"))
        #expect(redaction.text("open /s/p/0/tree/abcdefgh.txt") == "open [KEY].txt")
        #expect(Redaction([]).text("/s/p/0/tree/a") == "/s/p/0/tree/a")
    }
}
