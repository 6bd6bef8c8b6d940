import Testing

@Suite("Each language finds exactly the edges of its fixtures")
struct FixtureTests {
    @Test(arguments: Fixture.all)
    func `each fixture has exactly the edges of its list, with kinds and lines`(_ fixture: Fixture) throws {
        let expected = try fixture.expected()
        let found = try fixture.found()
        let missed = expected.filter { !found.contains($0) }
        let wrong = found.filter { !expected.contains($0) }
        #expect(missed.isEmpty, "missed:\n\(missed.joined(separator: "\n"))")
        #expect(wrong.isEmpty, "found too much:\n\(wrong.joined(separator: "\n"))")
        #expect(found.count == Set(found).count)
    }

    @Test func `fixtures are found`() {
        #expect(Fixture.all.contains { $0.language == "python" })
    }
}
