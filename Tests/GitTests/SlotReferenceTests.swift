import Git
import Model
import TestSupport
import Testing

/// The branches and tags that a slot shows.
@Suite
struct SlotReferenceTests {
    @Test(arguments: [false, true])
    func `a slot describes a commit and finds branches as a clone does`(isPacked: Bool) throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        try scratch.git("tag", "-a", "v1.0", "-m", "one")
        try scratch.git("branch", "topic")
        try scratch.git("branch", "orchestrate-task/p/f")
        let commit = try #require(ObjectID(hex: try scratch.commit(["f": "2"])))
        if isPacked { try scratch.git("pack-refs", "--all") }
        try scratch.git("branch", "-f", "topic", commit.hex)
        let target = try Repository(at: scratch.path, environment: scratch.environment)
        let slot = try Slot(at: scratch.directory.appending("slot"), target: target)
        try slot.move(to: commit)
        let tree = try ScratchRepository(existing: slot.treePath, in: scratch.directory)
        #expect(try tree.git("describe", "--tags", "--match", "v*") == "v1.0-1-g\(commit.hex.prefix(7))")
        #expect(try tree.git("merge-base", "HEAD", "main") == commit.hex)
        #expect(try tree.git("rev-parse", "topic") == commit.hex)
        #expect(
            try tree.git("for-each-ref", "--format=%(refname)") == "refs/heads/main\nrefs/heads/topic\nrefs/tags/v1.0")
        // What a worker does to the copies stays in its slot.
        try tree.git("tag", "-d", "v1.0")
        try tree.git("branch", "-D", "topic")
        #expect(try scratch.git("for-each-ref", "refs/tags", "--format=%(refname)") == "refs/tags/v1.0")
        try slot.move(to: commit)
        #expect(try tree.git("tag") == "v1.0")
    }
}
