import Model
import Testing

@Suite struct SplitProposalTests {
    private let task = MigrationTask(id: TaskID("t"), title: "t", files: ["a", "b", "c", "d"])

    private func problems(_ parts: [SplitProposal.Part], most: Int = 8) -> [String] {
        SplitProposal(parts: parts).problems(in: task, most: most)
    }

    @Test func `parts in order, with files to spare, are accepted`() {
        let parts: [SplitProposal.Part] = [
            .init(name: "first", files: ["a"]), .init(files: ["b", "c"], after: ["first"]),
        ]
        #expect(problems(parts) == [])
        #expect(SplitProposal(parts: parts).predecessors(of: 1) == [0])
        #expect(problems([.init(files: ["a"])]) == [])
    }

    @Test(
        arguments: [
            ([], ["it has no part"]),
            ([SplitProposal.Part(files: [])], ["part 1 has no files"]),
            ([.init(files: ["a", "b", "c", "d"])], ["its only part has all files of the task"]),
            ([.init(files: ["a"]), .init(files: ["b", "a"])], ["'a' is in part 1 and in part 2"]),
            ([.init(name: "x", files: ["a", "a"])], ["part 'x' names 'a' twice"]),
            ([.init(files: ["../a"])], ["part 1: '../a' is not one of the task's files"]),
            (
                [.init(name: "x", files: ["a"]), .init(name: "x", files: ["b"])], ["two parts have the name 'x'"]
            ),
            ([.init(files: ["a"], after: ["3"])], ["part 1: 'after' names '3', which is no part"]),
            ([.init(files: ["a"], after: ["1"])], ["part 1 waits for itself: 'after' makes a cycle"]),
            (
                [
                    .init(files: ["a"], after: ["3"]), .init(files: ["b"], after: ["3"]),
                    .init(name: "c", files: ["c"], after: ["2"]),
                ], ["part 2 waits for itself: 'after' makes a cycle"]
            ),
        ] as [([SplitProposal.Part], [String])])
    func `a proposal that cannot be carried out is refused in plain words`(
        parts: [SplitProposal.Part], expected: [String]
    ) {
        #expect(problems(parts) == expected)
    }

    @Test func `more parts than the plan allows are refused`() {
        let parts = ["a", "b", "c"].map { SplitProposal.Part(files: [$0]) }
        #expect(problems(parts, most: 3) == [])
        #expect(problems(parts, most: 2) == ["it has 3 parts; the plan allows 2 (workers.split.max)"])
    }

    @Test func `ordered parts follow each other`() {
        let proposal = SplitProposal(parts: ["a", "b", "c"].map { .init(files: [$0]) }).inOrder
        #expect(proposal.parts.map(\.after) == [[], ["1"], ["2"]])
        #expect(proposal.problems(in: task, most: 3) == [])
    }
}
