import EditSamples
import Review
import Testing

/// Groups of commits with equal edits.
@Suite struct EditGroupTests {
    private func diff(_ old: [String], _ new: [String], path: String = "a.py") -> String {
        (["diff --git a/\(path) b/\(path)", "--- a/\(path)", "+++ b/\(path)", "@@ -1,\(old.count) +1,\(new.count) @@"]
            + old.map { "-\($0)" } + new.map { "+\($0)" }).joined(separator: "\n") + "\n"
    }

    private func groups(_ diffs: [String], attempts: [Int: Int] = [:]) -> [EditGroup] {
        EditGroup.groups(
            of: diffs.enumerated().map {
                EditedCommit(worker: "w", attempts: attempts[$0] ?? 1, patch: Patch(diff: $1))
            })
    }

    @Test(arguments: 0..<12) func `all planted odd edits are outside of the large groups`(seed: Int) {
        let run = SampleRun(seed: UInt64(seed), tasks: 300)
        let groups = EditGroup.groups(of: run.commits)
        #expect(groups.count <= 12, "seed \(seed) \(run.migrations): \(groups.map { ($0.members.count, $0.oddities) })")
        #expect(groups.flatMap(\.members).sorted() == Array(0..<300))
        for (place, odd) in run.planted {
            let group = groups.first { $0.members.contains(place) }
            #expect(
                group?.isOdd == true && group?.members.count == 1, "seed \(seed) \(run.migrations): \(odd) is hidden")
        }
        let falsely = groups.filter(\.isOdd).flatMap(\.members).filter { run.planted[$0] == nil }
        #expect(falsely.count <= 2, "seed \(seed) \(run.migrations): \(groups.filter(\.isOdd).map(\.oddities))")
    }

    @Test func `the same commits give the same groups`() {
        let run = SampleRun(seed: 7, tasks: 120)
        #expect(EditGroup.groups(of: run.commits) == EditGroup.groups(of: run.commits))
    }

    @Test func `five equal changes and three belong together`() {
        func file(_ count: Int, _ name: String) -> String {
            diff((0..<count).map { "\(name)\($0) = List[int]" }, (0..<count).map { "\(name)\($0) = list[int]" })
        }
        let found = groups((0..<20).map { file($0 % 2 == 0 ? 5 : 3, "name\($0)x") })
        #expect(found.count == 1 && found[0].members.count == 20)
    }

    @Test func `several comments in a row that are changed alike are the same edit as one`() {
        func file(_ count: Int, _ name: String) -> String {
            diff((0..<count).map { "/* \(name) \($0) */" }, (0..<count).map { "// \(name) \($0)" }, path: "a.c")
        }
        let found = groups((0..<40).map { file($0 == 7 ? 4 : $0 % 2 + 1, "words\($0)") })
        #expect(found.map(\.members.count) == [40])
    }

    @Test func `white space is folded, except where it is the meaning`() {
        let folded = groups([
            diff(["f(a, b)"], ["g(a,  b)"], path: "a.c"), diff(["  f(x,y)"], ["  g(x, y)"], path: "b.c"),
        ])
        #expect(folded.map(\.edits) == [folded[0].edits] && folded[0].edits.map(\.text) == ["f → g"])
        #expect(!folded[0].isOdd, "two of two are not rare")
        let moved = groups([diff(["    return x"], ["        return x"])])
        #expect(moved[0].edits.map(\.text) == ["+ indentation only"])
    }

    @Test func `an odd one says what differs from the group it almost belongs to`() throws {
        var diffs = (0..<30).map { diff(["old_api(name\($0))"], ["new_api(name\($0))"]) }
        diffs.append(diff(["old_api(name)"], ["other_api(name)"]))
        let found = groups(diffs)
        #expect(found.map(\.members.count) == [30, 1])
        let odd = try #require(found.last)
        #expect(odd.oddities == ["only 1 of 31 commits: old_api → other_api; 30 have old_api → new_api"])
        #expect(odd.nearest?.group == found[0].id)
        #expect(odd.nearest?.extra == ["old_api → other_api"] && odd.nearest?.missing == ["old_api → new_api"])
    }

    @Test func `a commit that lacks what all others have is odd`() {
        var diffs = (0..<40).map { diff(["import six", "six.moves(name\($0))"], ["moves(name\($0))"]) }
        diffs.append(diff(["six.moves(x)"], ["moves(x)"]))
        let found = groups(diffs)
        #expect(found.map(\.members.count) == [40, 1])
        #expect(found[1].oddities == ["lacks - import six, which 40 of 41 commits with - six. have"])
    }

    @Test func `values that differ are listed with how often they occur`() {
        let found = groups((0..<40).map { diff(["drop(name\($0 < 4 ? 0 : $0))"], []) })
        #expect(found.map(\.members.count) == [40] && found[0].edits.map(\.text) == ["- drop($2)"])
        let values = found.flatMap(\.edits).flatMap(\.placeholders)
        #expect(values.map(\.name) == ["$2"] && values.map(\.more) == [29])
        #expect(
            values[0].values.first?.text == "name0" && values[0].values.first?.commits == 4
                && values[0].values.count == 8)
    }

    @Test func `workers and languages are kept apart`() {
        let commits = [("a", "x.py"), ("b", "x.py"), ("a", "x.c"), ("a", "y.py")].map { worker, path in
            EditedCommit(worker: worker, attempts: 1, patch: Patch(diff: diff(["f(1)"], ["g(1)"], path: path)))
        }
        #expect(EditGroup.groups(of: commits).map(\.members) == [[2], [0, 3], [1]])
    }

    @Test(arguments: [
        ("flag = true", "flag = false"), ("x = a + b", "x = a - b"), ("if not x:", "if x:"), ("return x", "yield x"),
    ]) func `operators and keywords are never placeholders`(old: String, new: String) {
        var diffs = (0..<30).map { diff(["f(v\($0))"], ["g(v\($0))"]) }
        diffs.append(diff(["f(v)", old], ["g(v)", new]))
        #expect(groups(diffs).map(\.members.count) == [30, 1])
    }

    @Test func `a name that occurs twice in a line does not hide that the edit is the common one`() {
        var diffs = (0..<30).map { diff(["eq(a\($0), f(b\($0)))"], ["that(f(b\($0))).is(a\($0))"]) }
        diffs.append(diff(["eq(f, f(b))"], ["that(f(b)).is(f)"]))
        diffs.append(diff(["eq(b, f(b))"], ["that(f(b)).is(b)"]))
        #expect(groups(diffs).map(\.members.count) == [32])
    }

    @Test func `a wrong factor and a wrong rename are odd`() {
        var diffs = (1..<31).map { diff(["wait(\($0))"], ["wait(\($0)000)"]) }
        diffs.append(diff(["wait(31)"], ["wait(3100)"]))
        #expect(groups(diffs).map(\.members.count) == [30, 1])
        var renames = (0..<30).map { diff(["getItem\($0)()"], ["get_item_\($0)()"]) }
        renames.append(diff(["getItemX()"], ["get_item_y()"]))
        #expect(groups(renames).map(\.members.count) == [30, 1])
    }

    @Test func `a new file, a deleted one and a binary one are edits of their own`() {
        let added = "diff --git a/n.py b/n.py\nnew file mode 100644\n--- /dev/null\n+++ b/n.py\n@@ -0,0 +1 @@\n+x = 1\n"
        let binary = "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n"
        #expect(groups([added])[0].edits.map(\.text) == ["+ file added"])
        #expect(groups([binary])[0].edits.map(\.text) == ["+ file binary"])
        #expect(Patch(diff: added).lines == 1 && Patch(diff: added).language == "py")
    }
}
