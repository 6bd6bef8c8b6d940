/// The differences between two versions of a file's declarations.
package struct DeclarationChanges: Sendable, Equatable {
    package struct Pair: Sendable, Equatable {
        package var before: Declaration
        package var after: Declaration
    }

    package private(set) var removed: [Declaration] = []
    package private(set) var added: [Declaration] = []
    /// Declarations with a new name and no other change.
    package private(set) var renamed: [Pair] = []
    /// Declarations with the same name and another signature.
    package private(set) var changed: [Pair] = []

    /// Compares the declarations of a file before and after. Overloads of one name are compared together.
    package init(before: [Declaration], after: [Declaration]) {
        let old = Dictionary(grouping: before, by: \.name)
        let new = Dictionary(grouping: after, by: \.name)
        var gone = Self.inOrder(before).filter { new[$0] == nil }.compactMap { old[$0]?.first }
        var come = Self.inOrder(after).filter { old[$0] == nil }.compactMap { new[$0]?.first }
        for declaration in gone {
            let shape = Self.shape(declaration)
            let candidates = come.filter { Self.shape($0) == shape }
            // With several candidates, the new name is not known.
            guard candidates.count == 1, let twin = candidates.first,
                gone.filter({ Self.shape($0) == shape }).count == 1
            else { continue }
            renamed.append(Pair(before: declaration, after: twin))
        }
        gone.removeAll { one in renamed.contains { $0.before == one } }
        come.removeAll { one in renamed.contains { $0.after == one } }
        (removed, added) = (gone, come)
        for name in Self.inOrder(before) {
            guard let first = old[name], let second = new[name] else { continue }
            let before = first.filter { one in !second.contains { $0.signature == one.signature } }
            let after = second.filter { one in !first.contains { $0.signature == one.signature } }
            if let one = before.first ?? first.first, let other = after.first ?? second.first,
                !before.isEmpty || !after.isEmpty
            {
                changed.append(Pair(before: one, after: other))
            }
        }
    }

    package var isEmpty: Bool { removed.isEmpty && added.isEmpty && renamed.isEmpty && changed.isEmpty }

    /// Names that no longer exist, with their new names if they were renamed.
    package var lost: [(name: String, now: String?)] {
        removed.map { ($0.name, nil) } + renamed.map { ($0.before.name, $0.after.name) }
    }

    /// One line per change, breaking changes first.
    package var lines: [String] {
        renamed.map { "renamed: \($0.before.name) is now \($0.after.name): \($0.after.signature)" }
            + removed.map { "removed: \($0.signature)" }
            + changed.map { "changed: \($0.before.signature)\n     to: \($0.after.signature)" }
            + added.map { "added: \($0.signature)" }
    }

    private static func inOrder(_ declarations: [Declaration]) -> [String] {
        var seen: Set<String> = []
        return declarations.map(\.name).filter { seen.insert($0).inserted }
    }

    /// The signature without the name. A declaration whose signature is its name alone gets a shape that matches no
    /// other.
    private static func shape(_ declaration: Declaration) -> String {
        let parts = declaration.name.split(separator: ".")
        let last = parts.last.map(String.init) ?? declaration.name
        let owner = parts.dropLast().joined(separator: ".")
        guard declaration.signature != last, let place = declaration.signature.firstRange(of: last) else {
            return "\(owner) \(declaration.name) \(declaration.line)"
        }
        var shape = declaration.signature
        shape.replaceSubrange(place, with: "\u{0}")
        return "\(owner)|\(shape)"
    }
}
