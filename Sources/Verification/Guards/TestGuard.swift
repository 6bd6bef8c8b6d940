import Git
import Model

/// Rejects diffs that remove, skip or empty a test, or remove assertions.
///
/// Follows tests by name through the whole diff, independent of naming style, so that a test may be moved, renamed or
/// rewritten for another framework.
struct TestGuard: DiffGuard {
    let rule = "Keep every test and every assertion: remove, skip and empty none."

    func objections(to diff: AttemptDiff) -> [Objection] {
        let files = diff.changes.filter { !$0.isBinary }.map { change in
            TestFile(path: change.path, status: change.status, old: diff.old(change), new: diff.new(change))
        }
        guard files.contains(where: { !$0.old.tests.isEmpty }) else { return skips(diff) }
        var pairing = TestPairing(files)
        pairing.run()
        return pairing.objections() + skips(diff)
    }

    /// Returns objections to new skips. A skipped test that is itself new takes nothing away.
    private func skips(_ diff: AttemptDiff) -> [Objection] {
        let objections = Surplus.objections(to: diff, read: { $0.figures?.skips ?? [] }) {
            "skips a test: '\($0.text)'"
        }
        guard !objections.isEmpty else { return [] }
        var spare: [String: Int] = [:]
        for change in diff.changes {
            let more = (diff.new(change)?.figures?.tests.count ?? 0) - (diff.old(change)?.figures?.tests.count ?? 0)
            spare[change.path] = max(0, more)
        }
        return objections.filter { objection in
            guard let path = objection.path, let count = spare[path], count > 0 else { return true }
            spare[path] = count - 1
            return false
        }
    }
}

/// The tests of a file before and after an attempt.
struct TestFile {
    var path: String
    var status: FileChange.Status
    var old: (tests: [TestFunction], assertions: Int)
    var new: (tests: [TestFunction], assertions: Int)

    init(path: String, status: FileChange.Status, old: FileVersion?, new: FileVersion?) {
        self.path = path
        self.status = status
        self.old = (old?.figures?.tests ?? [], old?.figures?.assertions ?? 0)
        self.new = (new?.figures?.tests ?? [], new?.figures?.assertions ?? 0)
    }
}

/// Pairs the tests of the old files with those of the new files.
struct TestPairing {
    /// The indices of a file and of a test in it.
    private struct Place: Hashable {
        var file: Int
        var test: Int
    }

    private let files: [TestFile]
    private var pairs: [(old: Place, new: Place)] = []
    private var oldLeft: [Place]
    private var newLeft: [Place]
    /// A group number per file. Files between which tests moved share a number.
    private var group: [Int]

    init(_ files: [TestFile]) {
        self.files = files
        group = Array(files.indices)
        oldLeft = files.indices.flatMap { file in files[file].old.tests.indices.map { Place(file: file, test: $0) } }
        newLeft = files.indices.flatMap { file in files[file].new.tests.indices.map { Place(file: file, test: $0) } }
    }

    mutating func run() {
        let files = files
        // A file may have several tests of one name, some of them empty. Tests that do something are paired first.
        oldLeft.sort { !files[$0.file].old.tests[$0.test].isEmpty && files[$1.file].old.tests[$1.test].isEmpty }
        newLeft.sort { !files[$0.file].new.tests[$0.test].isEmpty && files[$1.file].new.tests[$1.test].isEmpty }
        func old(_ place: Place) -> TestFunction { files[place.file].old.tests[place.test] }
        func new(_ place: Place) -> TestFunction { files[place.file].new.tests[place.test] }
        match({ "\($0.file) \(old($0).key)" }, { "\($0.file) \(new($0).key)" })
        match({ old($0).key }, { new($0).key })
        // A renamed test.
        match({ "\($0.file)" }, { "\($0.file)" })
        // A test of a deleted file with one of an added file.
        match(
            { files[$0.file].status == .deleted ? "gone" : nil }, { files[$0.file].status == .added ? "gone" : nil })
    }

    /// Pairs the remaining tests of both sides that have the same key, in order.
    private mutating func match(_ oldKey: (Place) -> String?, _ newKey: (Place) -> String?) {
        guard !oldLeft.isEmpty, !newLeft.isEmpty else { return }
        var waiting: [String: [Place]] = [:]
        for place in newLeft.reversed() { if let key = newKey(place) { waiting[key, default: []].append(place) } }
        var taken: Set<Place> = []
        oldLeft = oldLeft.filter { place in
            guard let key = oldKey(place), let found = waiting[key]?.popLast() else { return true }
            taken.insert(found)
            pairs.append((place, found))
            join(place.file, found.file)
            return false
        }
        newLeft = newLeft.filter { !taken.contains($0) }
    }

    private mutating func join(_ first: Int, _ second: Int) {
        let (kept, gone) = (group[first], group[second])
        guard kept != gone else { return }
        for file in group.indices where group[file] == gone { group[file] = kept }
    }

    func objections() -> [Objection] { removed() + emptied() + weakened() }

    private func removed() -> [Objection] {
        var byFile: [Int: [String]] = [:]
        for place in oldLeft {
            byFile[place.file, default: []].append("'\(files[place.file].old.tests[place.test].name)'")
        }
        return byFile.sorted { $0.key < $1.key }.map { file, names in
            let more = names.count > 5 ? " and \(names.count - 5) more" : ""
            let word = names.count == 1 ? "the test" : "\(names.count) tests:"
            return Objection(
                path: files[file].path,
                reason: "no longer has \(word) \(names.prefix(5).joined(separator: ", "))\(more)")
        }
    }

    private func emptied() -> [Objection] {
        pairs.compactMap { old, new in
            let (before, after) = (files[old.file].old.tests[old.test], files[new.file].new.tests[new.test])
            guard !before.isEmpty, after.isEmpty else { return nil }
            return Objection(
                path: files[new.file].path, line: after.line, reason: "the test '\(after.name)' no longer does anything"
            )
        }
    }

    /// Counts assertions over all files between which tests moved, since a helper may take assertions from its tests.
    private func weakened() -> [Objection] {
        let gone = Dictionary(grouping: oldLeft, by: \.file).mapValues { places in
            places.reduce(0) { $0 + files[$1.file].old.tests[$1.test].assertions }
        }
        func before(_ file: Int) -> Int { files[file].old.assertions - (gone[file] ?? 0) }
        // Files without tests are helpers. The assertions they gained may come from any test.
        let helpers = files.indices.filter { files[$0].old.tests.isEmpty && files[$0].new.tests.isEmpty }
        var spare = helpers.reduce(0) { $0 + max(0, files[$1].new.assertions - files[$1].old.assertions) }
        var result: [Objection] = []
        for members in Dictionary(grouping: files.indices, by: { group[$0] }).sorted(by: { $0.key < $1.key }).map(
            \.value)
        {
            guard members.contains(where: { !files[$0].old.tests.isEmpty }) else { continue }
            let old = members.reduce(0) { $0 + before($1) }
            let new = members.reduce(0) { $0 + files[$1].new.assertions }
            guard new < old else { continue }
            if old - new <= spare {
                spare -= old - new
                continue
            }
            result.append(objection(old, new, in: Set(members)))
        }
        return result
    }

    private func objection(_ old: Int, _ new: Int, in members: Set<Int>) -> Objection {
        let counts = "\(new) assertion\(new == 1 ? "" : "s") where there were \(old)"
        let weaker = pairs.first { pair in
            members.contains(pair.new.file)
                && files[pair.new.file].new.tests[pair.new.test].assertions
                    < files[pair.old.file].old.tests[pair.old.test].assertions
        }
        if let weaker {
            let test = files[weaker.new.file].new.tests[weaker.new.test]
            return Objection(
                path: files[weaker.new.file].path, line: test.line,
                reason: "\(counts); the test '\(test.name)' asserts less than before")
        }
        let file = members.max { fallen($0) < fallen($1) }
        return Objection(path: file.map { files[$0].path }, reason: counts)
    }

    private func fallen(_ file: Int) -> Int { files[file].old.assertions - files[file].new.assertions }
}
