/// A set of names of tests that finds a test again under the name that another framework gives it.
///
/// "JiraTest.test" of JUnit 4 is "test()" or "JiraTest.test()" in JUnit 5.
struct TestNameSet: Sendable {
    private let names: Set<String>
    /// Canonical names, by their last part.
    private let canonical: [Substring: [String]]

    var isEmpty: Bool { names.isEmpty }

    init(_ names: [String]) {
        self.names = Set(names)
        canonical = Dictionary(grouping: self.names.map(Self.canonical), by: Self.lastPart)
    }

    /// Returns those of some names that are not in the set, in order.
    ///
    /// A name without its class stands for a test of the set only while there are no more such names than tests: else a
    /// test of another class may hide behind a known one.
    func missing(from others: [String]) -> [String] {
        let counts = Dictionary(grouping: Set(others).map(Self.canonical), by: Self.lastPart).mapValues(\.count)
        return others.filter { name in
            if names.contains(name) { return false }
            let wanted = Self.canonical(name)
            let last = Self.lastPart(wanted)
            let candidates = canonical[last, default: []]
            if candidates.contains(wanted) { return false }
            guard counts[last, default: 0] <= candidates.count else { return true }
            return !candidates.contains { Self.isTail(wanted, of: $0) || Self.isTail($0, of: wanted) }
        }
    }

    /// Returns a name without the parameter list that some frameworks put behind it.
    private static func canonical(_ name: String) -> String {
        guard name.hasSuffix(")"), let open = name.lastIndex(of: "("), open > name.startIndex,
            // "name (error)" tells how a test failed.
            name[name.index(before: open)] != " "
        else { return name }
        return String(name[..<open])
    }

    private static func lastPart(_ name: String) -> Substring {
        name.lastIndex(where: isSeparator).map { name[name.index(after: $0)...] } ?? name[...]
    }

    private static func isTail(_ tail: String, of name: String) -> Bool {
        guard name.count > tail.count, name.hasSuffix(tail) else { return false }
        return isSeparator(name[name.index(name.endIndex, offsetBy: -tail.count - 1)])
    }

    private static func isSeparator(_ character: Character) -> Bool { ".:/#".contains(character) }
}
