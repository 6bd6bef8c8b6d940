import Model
import Testing

@testable import DependencyGraph

@Suite struct FactWriterTests {
    private let arena = Arena()

    private func read(_ writer: FactWriter, _ summary: FileSummary = FileSummary()) throws -> FileFacts {
        try #require(FileFacts(checking: writer.encode(summary, into: arena)))
    }

    private func count(
        _ writer: inout FactWriter, _ text: String, kind: UInt8 = 1, flags: UInt8 = 0, scope: UInt16 = 0
    ) {
        text.withBytes { writer.count(kind: kind, text: $0, line: 4, flags: flags, scope: scope) }
    }

    @Test func `what is written is read back`() throws {
        var writer = FactWriter()
        writer.add(kind: 1, string: "a.b", line: 3, value: 9, flags: 2, scope: 5)
        writer.add(kind: 2, line: 4, value: 7, flags: 1)
        writer.add(kind: 3, string: "a.b", line: 5)
        let summary = FileSummary(bytes: 1234, lines: 56, traits: 3, language: 2)
        let facts = try read(writer, summary)
        #expect(facts.summary == summary)
        #expect(facts.count == 3 && !facts.isEmpty)
        #expect(facts[0] == FileFact(text: 0, line: 3, value: 9, kind: 1, flags: 2, scope: 5))
        #expect(facts.string(facts[0]) == "a.b")
        #expect(facts[1].line == 4 && facts[1].value == 7 && facts[1].flags == 1)
        #expect(facts.string(facts[1]).isEmpty)
        // Equal texts are stored once.
        #expect(facts[2].text == facts[0].text)
        #expect(facts.textCount == 2)
    }

    @Test func `a thousand texts keep their places while the table grows`() throws {
        var writer = FactWriter()
        for number in 0..<1000 { writer.add(kind: 1, string: "text \(number)", line: 1) }
        for number in 0..<1000 { #expect("text \(number)".withBytes { writer.place(of: $0) } == UInt32(number)) }
        let facts = try read(writer)
        #expect(facts.textCount == 1000)
        #expect((0..<1000).allSatisfy { facts.string(facts[$0]) == "text \($0)" })
    }

    @Test func `references are counted by text, kind, flags and scope`() throws {
        var writer = FactWriter()
        count(&writer, "a")
        count(&writer, "a")
        count(&writer, "b")
        count(&writer, "a")
        count(&writer, "a", kind: 2)
        count(&writer, "b", flags: 1)
        count(&writer, "b", flags: 1)
        count(&writer, "b", flags: 1, scope: 1)
        let facts = try read(writer)
        let found = (0..<facts.count).map { "\(facts.string(facts[$0]))\(facts[$0].kind) \(facts[$0].value)" }
        #expect(found == ["a1 3", "b1 1", "a2 1", "b1 2", "b1 1"])
        #expect(facts[4].scope == 1 && facts[3].flags == 1 && facts[0].line == 4)
    }

    @Test func `facts before the start of a part are not counted up`() throws {
        var writer = FactWriter()
        let place = "a".withBytes { writer.place(of: $0) }
        writer.count(kind: 1, place: place, line: 1)
        writer.count(kind: 1, place: place, line: 2, since: 0)
        writer.count(kind: 1, place: place, line: 3, since: 1)
        writer.count(kind: 1, place: place, line: 4, since: 1)
        let facts = try read(writer)
        #expect((0..<facts.count).map { facts[$0].value } == [2, 2])
        #expect((0..<facts.count).map { facts[$0].line } == [1, 3])
    }

    @Test func `a text longer than any path is dropped`() throws {
        var writer = FactWriter()
        writer.add(kind: 1, string: String(repeating: "x", count: 4096), line: 1)
        writer.add(kind: 1, string: String(repeating: "y", count: 4097), line: 2)
        count(&writer, String(repeating: "z", count: 4097))
        #expect(writer.count == 1)
    }

    @Test func `a writer starts anew for the next file`() throws {
        var writer = FactWriter()
        for number in 0..<3000 { count(&writer, "old \(number)") }
        writer.removeAll()
        #expect(writer.count == 0)
        count(&writer, "old 1")
        let facts = try read(writer)
        #expect(facts.count == 1 && facts.textCount == 1 && facts[0].value == 1 && facts[0].text == 0)
    }

    @Test func `a run of facts of one kind ends at the next kind`() throws {
        var writer = FactWriter()
        for kind: UInt8 in [1, 2, 2, 3, 2] { writer.add(kind: kind, line: 1) }
        let facts = try read(writer)
        #expect(facts.run(of: 2, from: 1) == 3)
        #expect(facts.run(of: 2, from: 0) == 0)
        #expect(facts.run(of: 2, from: 4) == 5)
    }

    @Test func `a buffer that is too short is refused, and an unknown text is empty`() throws {
        var writer = FactWriter()
        writer.add(kind: 1, string: "name", line: 1)
        let whole = writer.encode(FileSummary(), into: arena)
        #expect(whole.count % 8 == 0)
        #expect(FileFacts(checking: UnsafeRawBufferPointer(rebasing: whole[..<(whole.count - 8)])) == nil)
        #expect(FileFacts(checking: UnsafeRawBufferPointer(rebasing: whole[..<8])) == nil)
        let facts = try #require(FileFacts(checking: whole))
        #expect(facts.text(1).isEmpty && facts.text(-1).isEmpty && facts.text(0).count == 4)
    }

    @Test func `a key of the cache tells blobs apart by every part of their name`() throws {
        func key(_ hex: String, scanner: UInt32 = 1) throws -> FactsCache.Key {
            FactsCache.Key(blob: try #require(ObjectID(hex: hex)), scanner: scanner)
        }
        let zeros = String(repeating: "0", count: 40)
        let base = try key(zeros)
        for place in 0..<40 {
            var hex = Array(zeros)
            hex[place] = "f"
            let other = try key(String(hex))
            #expect(other != base, "digit \(place)")
        }
        #expect(try key(zeros, scanner: 2) != base)
        let digits = try key("0123456789abcdef" + "fedcba9876543210" + "89abcdef")
        #expect(digits.low == 0x0123_4567_89AB_CDEF)
        #expect(digits.middle == 0xFEDC_BA98_7654_3210)
        #expect(digits.high == 0x89AB_CDEF)
    }
}
