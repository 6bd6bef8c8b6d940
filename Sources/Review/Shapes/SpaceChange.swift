/// A change of white space that is the whole edit of a line.
enum SpaceChange: String, CaseIterable {
    case indentation = "indentation only"
    case inside = "white space only"
    case blank = "blank lines only"

    /// Languages in which indentation has a meaning.
    private static let indented: Set<String> = ["py", "pyi", "yml", "yaml", "hs", "nim", "coffee", "pug", "sass"]

    /// The changes of white space in a block. White space in a line with another edit does not count, and indentation beside
    /// another edit counts only where it has a meaning.
    /// - Parameter isWhole: whether the block has no other edit.
    static func kinds(in block: Patch.Block, _ language: String, isWhole: Bool) -> [SpaceChange] {
        var found: Set<SpaceChange> = []
        var places: [[UInt8]: Int] = [:]
        for (place, line) in block.added.enumerated() { places[dense(line)] = place }
        for line in block.removed {
            let text = dense(line)
            guard !text.isEmpty, let place = places[text] else { continue }
            let other = block.added[place]
            if line == other || block.added.contains(line) { continue }
            found.insert(inner(line) == inner(other) ? .indentation : .inside)
        }
        if !isWhole, !indented.contains(language) { found.remove(.indentation) }
        if isWhole, found.isEmpty {
            let isBlank = block.removed.allSatisfy { dense($0).isEmpty } || block.added.allSatisfy { dense($0).isEmpty }
            found.insert(isBlank ? .blank : .inside)
        }
        return allCases.filter(found.contains)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 32 }

    /// A line without white space.
    private static func dense(_ line: [UInt8]) -> [UInt8] { line.filter { !isSpace($0) } }

    /// A line from its first letter.
    private static func inner(_ line: [UInt8]) -> ArraySlice<UInt8> { line.drop(while: isSpace) }
}
