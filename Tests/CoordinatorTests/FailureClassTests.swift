import Foundation
import Model
import TestSupport
import Testing
import Verification

@testable import Coordinator

/// Failures of many tools, put into classes from the output of the checks alone.
struct FailureClassTests {
    /// Runs an output through the digest and the judgement, as an attempt does.
    private func work(_ output: String, files: [String], in scratch: ScratchDirectory) throws -> FailedWork {
        let log = scratch.appending("check.log")
        try output.write(toFile: log, atomically: false, encoding: .utf8)
        let digest = try FailureDigest(checkout: "/repo").digest(ofLogAt: log)
        let result = CheckResult(
            name: "tests", command: "make test", outcome: .failed, status: 1, seconds: 1,
            digest: "exit status 1\n\(digest)")
        let failure = try #require(Failure(kind: .taskCheck, of: [result]))
        return FailedWork(task: TaskID("t"), files: files, worker: "w", failure: failure)
    }

    private struct Quality {
        var classes: Int
        var purity: Double
    }

    private typealias Output = (inout FailureGenerator) -> String

    private func sort(_ kinds: [Output], _ generator: inout FailureGenerator, evenly: Bool) throws -> Quality {
        let scratch = try ScratchDirectory("classes")
        var items = kinds.indices.flatMap { kind in Array(repeating: kind, count: max(6, 200 / kinds.count)) }
        if !evenly {
            items = (0..<200).map { _ in
                min(generator.number(0...(kinds.count - 1)), generator.number(0...(kinds.count - 1)))
            }
        }
        items.shuffle(using: &generator.random)
        var failures: [FailedWork] = []
        for kind in items {
            failures.append(try work(kinds[kind](&generator), files: [generator.path("txt")], in: scratch))
        }
        let classes = FailureClass.classes(of: failures)
        #expect(classes.flatMap(\.members).sorted() == Array(items.indices))
        let pure = classes.reduce(0) { sum, found in
            sum + (Dictionary(grouping: found.members) { items[$0] }.values.map(\.count).max() ?? 0)
        }
        return Quality(classes: classes.count, purity: Double(pure) / Double(items.count))
    }

    private func outputs(_ kinds: some Sequence<Int>) -> [Output] {
        kinds.map { kind in { FailureGenerator.kinds[kind].output(&$0) } }
    }

    /// Kinds that no rule was written for, and pairs that differ in the essential word only. The second list of names has
    /// words that messages use too.
    @Test(arguments: FailureTemplate.fixtures, [FailureGenerator.nouns, FailureGenerator.technicalNouns])
    func `kinds of each fixture are told apart, whatever the names are`(fixture: String, nouns: [String]) throws {
        var generator = FailureGenerator(seed: UInt64(fixture.count))
        generator.names = nouns
        let all = try FailureTemplate.load(fixture).shuffled(using: &generator.random)
        let kinds = all.prefix(10).map { template -> Output in { template.sample(&$0).output } }
        let quality = try sort(kinds, &generator, evenly: fixture.count.isMultiple(of: 2))
        #expect(quality.classes <= kinds.count + 2)
        #expect(quality.purity >= 0.95)
    }

    @Test(arguments: FailureTemplate.fixtures)
    func `the place and the first error of each kind are found`(fixture: String) throws {
        let scratch = try ScratchDirectory("places")
        var generator = FailureGenerator(seed: 7)
        for template in try FailureTemplate.load(fixture) {
            let sample = template.sample(&generator)
            let failure = try work(sample.output, files: [], in: scratch).failure
            #expect(failure.place == sample.place, "\(template.name): \(failure.detail)")
            let expected = sample.message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(failure.message.contains(expected.prefix(80)), "\(template.name): \(failure.message)")
        }
    }

    @Test(arguments: 1...10)
    func `200 failures of 10 kinds give at most 12 classes, each of one kind`(seed: UInt64) throws {
        var generator = FailureGenerator(seed: seed)
        let kinds = Array(FailureGenerator.kinds.indices.shuffled(using: &generator.random).prefix(10))
        let quality = try sort(outputs(kinds), &generator, evenly: seed % 2 == 0)
        #expect(quality.classes <= 12)
        #expect(quality.purity >= 0.95)
    }

    @Test func `failures of all tools are told apart`() throws {
        var generator = FailureGenerator(seed: 99)
        let kinds = Array(FailureGenerator.kinds.indices)
        let quality = try sort(outputs(kinds), &generator, evenly: true)
        #expect(quality.classes <= kinds.count + 3)
        #expect(quality.purity >= 0.95)
    }

    private func failure(
        _ message: String, place: String? = "a.py:1", check: String = "tests", worker: String = "w"
    ) -> FailedWork {
        let summary = [place, message].compactMap { $0 }.joined(separator: " ") + " (check '\(check)')"
        let failure = Failure(kind: .taskCheck, summary: summary, places: [place].compactMap { $0 })
        return FailedWork(task: TaskID("t"), files: [], worker: worker, failure: failure)
    }

    @Test func `the check and the worker are part of a class`() {
        let failures = [
            failure("KeyError: 'a'"), failure("KeyError: 'b'", check: "types"),
            failure("KeyError: 'c'", worker: "other"),
            failure("KeyError: 'd'"),
        ]
        let classes = FailureClass.classes(of: failures)
        #expect(classes.map(\.members) == [[0, 3], [1], [2]])
        #expect(classes.map(\.source) == ["check 'tests'", "check 'types'", "check 'tests'"])
        #expect(Set(classes.map(\.id)).count == 3)
    }

    @Test func `the id of a class stays when others fail`() {
        let first = [failure("KeyError: 'a'")]
        let later = first + [failure("IndexError: 3"), failure("KeyError: 'b'")]
        let (before, after) = (FailureClass.classes(of: first), FailureClass.classes(of: later))
        #expect(before[0].id == after[0].id)
        #expect(before[0].id.count == 6)
    }

    @Test func `messages that differ in more than a name are two classes`() {
        let pairs = [
            ("TypeError: f() takes 2 positional arguments but 3 were given", "TypeError: 'int' object is not callable"),
            ("TS2345: Argument of type 'A' is wrong", "TS2339: Argument of type 'A' is wrong"),
            ("AssertionError: 3 != 4", "AssertionError: Lists differ: [1] != [2]"),
            ("no such column: total", "no such table: total"), ("3 is not None", "3 is not true"),
            ("AssertionError: 3 not greater than 4", "AssertionError: 3 not less than 4"),
            ("cannot assign to immutable value", "cannot assign to constant value"),
            ("assert a is None", "assert a is not None"), ("server said HTTP 404", "server said HTTP 500"),
        ]
        for (one, other) in pairs {
            #expect(FailureClass.classes(of: [failure(one), failure(other)]).count == 2, "\(one) | \(other)")
        }
    }

    @Test func `names, numbers, paths and quoted texts do not make a class`() {
        let pairs = [
            ("KeyError: 'a'", "KeyError: 17"), ("undefined: order", "undefined: parseTotal"),
            ("cannot open /srv/a/b.txt after 3 s", "cannot open /srv/c.txt after 17 s"),
            ("expected 3 arguments, found 1", "expected 1 argument, found 12"),
            ("NameError: name 'a' is not defined", "NameError: name 'b' is not defined. Did you mean: 'c'?"),
            ("crash at 0xdeadbeef", "crash at 0x12345678"),
        ]
        for (one, other) in pairs {
            #expect(FailureClass.classes(of: [failure(one), failure(other)]).count == 1, "\(one) | \(other)")
        }
    }

    @Test func `a failure says its source and its message apart`() {
        let checked = Failure(
            kind: .taskCheck, summary: "a.py:3 KeyError: 'a' (check 'tests' and 1 more)", places: ["a.py:3"])
        #expect(checked.source == "check 'tests'")
        #expect(checked.message == "KeyError: 'a'")
        #expect(checked.together.message == "KeyError: 'a'")
        let silent = Failure(kind: .taskCheck, summary: "check 'spelling' failed: 3 words are wrong (exit status 1)")
        #expect(silent.source == "check 'spelling'")
        #expect(silent.message == "3 words are wrong")
        let refused = Failure(kind: .guardRule, summary: "the guard 'licence' objects: no header")
        #expect(refused.source == "guard 'licence'")
        #expect(Failure(kind: .noChange, summary: "the worker changed nothing").source == "no-change")
    }
}
