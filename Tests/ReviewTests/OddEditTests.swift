import EditSamples
import Review
import Testing

/// Edits of a common shape that are odd all the same.
@Suite struct OddEditTests {
    private func diff(_ old: [String], _ new: [String], path: String = "a.py", place: String = "") -> String {
        ([
            "diff --git a/\(path) b/\(path)", "--- a/\(path)", "+++ b/\(path)",
            "@@ -1,\(old.count) +1,\(new.count) @@\(place.isEmpty ? "" : " \(place)")",
        ] + old.map { "-\($0)" } + new.map { "+\($0)" }).joined(separator: "\n") + "\n"
    }

    private func groups(_ diffs: [String]) -> [EditGroup] {
        EditGroup.groups(of: diffs.map { EditedCommit(worker: "w", attempts: 1, patch: Patch(diff: $0)) })
    }

    /// The reasons of the last of 30 commits; the others are common ones.
    private func reasons(_ common: (Int) -> String, _ odd: String) -> [String] {
        let found = groups((0..<30).map(common) + [odd])
        #expect(found.map(\.members.count).sorted() == [1, 30], "\(found.map { ($0.members, $0.oddities) })")
        return found.filter(\.isOdd).flatMap(\.oddities)
    }

    @Test(arguments: 0..<2, ProjectLanguage.allCases)
    func `odd edits in files of many kinds are outside of the large groups`(seed: Int, language: ProjectLanguage) {
        let run = ProjectRun(seed: UInt64(100 + seed), language: language)
        let groups = EditGroup.groups(of: run.commits)
        #expect(run.planted.count == 7)
        #expect(groups.count <= 12, "\(groups.map { ($0.members.count, $0.oddities) })")
        for (place, odd) in run.planted {
            let group = groups.first { $0.members.contains(place) }
            #expect(group?.isOdd == true && (group?.members.count ?? 0) <= 2, "\(odd) is hidden: \(run.diffs[place])")
        }
        let falsely = groups.filter(\.isOdd).flatMap(\.members).filter { run.planted[$0] == nil }
        #expect(falsely.count <= 3, "\(groups.filter(\.isOdd).map(\.oddities))")
    }

    @Test func `a line whose white space alone is changed is odd, also beside another edit`() {
        let found = reasons(
            { diff(["old(name\($0))", "x = 1"], ["new(name\($0))", "x = 1"]) },
            diff(["old(name)", "y = f(1, 2)"], ["new(name)", "y = f( 1, 2 )"]))
        #expect(found == ["only 1 of 31 commits: + white space only"])
        let blank = reasons(
            { diff(["old(name\($0))"], ["new(name\($0))"]) }, diff(["old(x)"], ["new(x)"]) + "@@ -9 +9,0 @@\n-\n")
        #expect(blank == ["only 1 of 31 commits: + blank lines only"])
    }

    @Test func `a new name that does not come from where the others take it is odd`() {
        func line(_ to: String, _ value: String, size: String) -> String {
            diff(
                ["sprintf(\(to), \"%d\", \(value));"], ["snprintf(\(to), sizeof(\(size)), \"%d\", \(value));"],
                path: "a.c")
        }
        let found = reasons({ line("to\($0)", "value\($0)", size: "to\($0)") }, line("to", "value", size: "value"))
        #expect(found.contains { $0.contains("with a value from another place than in") }, "\(found)")
    }

    @Test func `two names that are swapped in a moved argument are odd`() {
        func line(_ first: String, _ second: String, _ number: Int) -> String {
            diff(
                ["assertEquals(a\(number).b\(number), value());"],
                ["assertThat(value()).isEqualTo(\(first)\(number).\(second)\(number));"], path: "a.java")
        }
        #expect(!reasons({ line("a", "b", $0) }, line("b", "a", 99)).isEmpty)
    }

    @Test func `a value that the others translate in another way is odd`() {
        let codes = [
            "200": "OK", "201": "CREATED", "204": "EMPTY", "301": "MOVED", "404": "MISSING", "409": "CONFLICT",
        ]
        let keys = codes.keys.sorted()
        func line(_ old: String, _ new: String) -> String { diff(["send(\(old))"], ["send(Status.\(new))"]) }
        var diffs = (0..<60).map { line(keys[$0 % keys.count], codes[keys[$0 % keys.count]] ?? "") }
        // Rare codes, so that not every other name is odd.
        diffs += (0..<20).map { line("5\($0 + 10)", "CODE\($0)") }
        let found = groups(diffs + [line("404", "MOVED")])
        #expect(found.filter(\.isOdd).map(\.members) == [[80]], "\(found.map { ($0.members.count, $0.oddities) })")
        #expect(found.map(\.oddities).joined().allSatisfy { $0.contains("404") && $0.contains("MOVED") })
    }

    @Test func `a name that becomes two others in one commit is odd`() {
        func commit(_ number: Int, second: String) -> String {
            diff(
                ["a = old\(number)(x)", "f(y)", "b = old\(number)(z)"],
                ["a = q\(number)(x)", "f(y)", "b = \(second)(z)"])
        }
        let found = reasons({ commit($0, second: "q\($0)") }, commit(77, second: "r77"))
        #expect(found.count == 1 && found[0].hasPrefix("has both old77 → q77 and old77 → r77"), "\(found)")
    }

    @Test func `a line with one part of a common edit is odd although its commit has the other part elsewhere`() {
        func line(_ number: Int, complete: Bool) -> String {
            let (name, start) = ("name\(number)", "start\(number)")
            return diff(
                ["\(name).substr(\(start), size)"], ["\(name).slice(\(start), \(complete ? "\(start) + " : "")size)"])
        }
        let found = reasons(
            {
                line($0, complete: true) + "@@ -9 +9 @@\n"
                    + line($0 + 100, complete: true).suffix(after: "@@ -1,1 +1,1 @@\n")
            },
            line(50, complete: true) + "@@ -9 +9 @@\n" + line(51, complete: false).suffix(after: "@@ -1,1 +1,1 @@\n"))
        #expect(
            found.contains { $0.hasPrefix("only 1 of 32 commits: a line with substr → slice and without") }, "\(found)")
    }

    @Test(arguments: [
        ("fmt.Errorf(\"text 7: %v\", err)", "a conversion"), ("fmt.Errorf(\"7 text: %w\", err)", "an order of words"),
    ]) func `another text in a string that was moved is odd`(new: String, what: String) {
        let found = reasons(
            { diff(["errors.Wrap(err, \"text \($0)\")"], ["fmt.Errorf(\"text \($0): %w\", err)"], path: "a.go") },
            diff(["errors.Wrap(err, \"text 7\")"], [new], path: "a.go"))
        #expect(!found.isEmpty, "\(what)")
    }

    @Test func `a string that becomes another name is odd`() {
        func line(_ key: String, _ name: String) -> String {
            diff(["x = config.get(\"\(key)\")"], ["x = config.\(name)"])
        }
        #expect(!reasons({ line("key\($0)", "key\($0)") }, line("host", "port")).isEmpty)
    }

    @Test func `a commit that changes another function than all others is odd`() {
        func commit(_ number: Int, _ place: String) -> String {
            diff(["old(name\(number))"], ["new(name\(number))"], place: "def \(place)(self):")
        }
        let found = groups((0..<60).map { commit($0, "load") } + [commit(60, "store")])
        #expect(found.map(\.members.count) == [60, 1])
        #expect(found.last?.oddities == ["changes store; 60 of 61 commits change nothing but load"])
        let various = groups((0..<60).map { commit($0, "load\($0)") } + [commit(60, "store")])
        #expect(various.map(\.members.count) == [61], "where all functions differ, another one says nothing")
    }

    @Test func `a commit that changes a file of another kind is odd`() {
        var diffs = (0..<60).map { diff(["old(name\($0))"], ["new(name\($0))"]) }
        diffs.append(diffs[0] + diff(["a"], ["b"], path: "setup.cfg"))
        let found = groups(diffs).filter(\.isOdd)
        #expect(found.map(\.members) == [[60]])
        #expect(found.map(\.oddities) == [["only 1 of 61 commits: changes files of the kind cfg py"]])
    }

    @Test func `edits that are independent of each other make no rule`() {
        // Each file needs some of five edits; that one is missing says nothing.
        let diffs = (0..<120).map { number in
            (0..<5).filter { (number * 7 + $0 * $0 * 3) % 5 != 0 }.map { kind in
                diff(["old\(kind)(name\(number))"], ["new\(kind)(name\(number))"], path: "a\(kind).py")
            }.joined()
        }
        #expect(groups(diffs).allSatisfy { !$0.isOdd })
    }
}

extension String {
    fileprivate func suffix(after text: String) -> Substring {
        firstRange(of: text).map { self[$0.upperBound...] } ?? self[...]
    }
}
