import Testing

@Suite("Each language finds exactly the edges of its fixtures")
struct FixtureTests {
    @Test("edges, kinds and lines", arguments: Fixture.all)
    func edges(_ fixture: Fixture) throws {
        let expected = try fixture.expected()
        let found = try fixture.found()
        let missed = expected.filter { !found.contains($0) }
        let wrong = found.filter { !expected.contains($0) }
        #expect(missed.isEmpty, "missed:\n\(missed.joined(separator: "\n"))")
        #expect(wrong.isEmpty, "found too much:\n\(wrong.joined(separator: "\n"))")
        #expect(found.count == Set(found).count)
    }

    @Test("fixtures are found")
    func fixturesExist() {
        #expect(Fixture.all.contains { $0.language == "python" })
    }
}
