import Model

/// The edits of all commits in one language, and how frequent each one is.
struct CommitAtoms {
    /// An edit with the number of commits that have it.
    struct Atom: Sendable {
        var text: String
        /// Its tokens, for distances.
        var tokens: [String]
        var support = 0
        /// The number of its shape: edits of one shape differ in values only.
        var shape: Int
        /// Slots that stay placeholders, with their names.
        var open: [(slot: Int, name: String)]
    }

    /// A piece of a commit, by the number of its atom.
    struct Entry {
        var atom: Int
        var slots: [Piece.Slot]
        /// The line that it is in, counted over the commit; nil for a piece that is in no line of its own.
        var line: Int?
    }

    private(set) var atoms: [Atom] = []
    private(set) var entries: [[Entry]] = []
    /// Sorted numbers of the atoms of each commit, each once.
    private(set) var sets: [[Int]] = []
    let lexicon: Lexicon
    private let shapes: [Shape]
    /// What the values of placeholders have to do with each other, where a few commits differ from all others.
    private(set) var oddities: [[String]] = []

    init(_ patches: [Patch]) {
        var reader = PieceReader()
        let blocks = patches.map { reader.read($0) }
        let pieces = blocks.map { $0.flatMap(\.pieces) }
        lexicon = reader.lexicon
        shapes = reader.table.shapes
        var occurrences: [[Refinement.Occurrence]] = Array(repeating: [], count: reader.table.shapes.count)
        var number = 0
        for (commit, list) in pieces.enumerated() {
            for piece in list {
                occurrences[piece.shape].append(.init(commit: commit, piece: number, slots: piece.slots))
                number += 1
            }
        }
        var atomOf: [Int] = Array(repeating: 0, count: number)
        var numbers: [Refinement.Atom: Int] = [:]
        for (shape, list) in occurrences.enumerated() {
            for (piece, atom) in Refinement(shape: shape, list).atoms.sorted(by: { $0.key < $1.key }) {
                atomOf[piece] = numbers[atom] ?? atoms.count
                if numbers[atom] == nil {
                    numbers[atom] = atoms.count
                    atoms.append(AtomText(reader.table.shapes[shape], atom, lexicon).atom)
                }
            }
        }
        let values = Dictionary(numbers.map { ($1, $0.values) }) { first, _ in first }
        number = 0
        for list in blocks {
            var own: [Entry] = []
            for (place, block) in list.enumerated() {
                for piece in block.pieces {
                    let line = piece.line.map { Self.line(Int($0), block: place) }
                    own.append(Entry(atom: atomOf[number], slots: piece.slots, line: line))
                    number += 1
                }
            }
            entries.append(own)
        }
        count()
        explainRareEdits(blocks, values)
        oddities = ValueRules(self).oddities
        for (commit, reasons) in LineRules(self).oddities { oddities[commit] += reasons }
    }

    /// A number that no other line of a commit has.
    private static func line(_ line: Int, block: Int) -> Int { block << 16 + line }

    /// An edit as it is in a commit.
    func text(_ entry: Entry) -> String {
        let shape = atoms[entry.atom].shape
        return AtomText(shapes[shape], .init(shape: shape, values: entry.slots.map(\.value)), lexicon, isConcrete: true)
            .atom.text
    }

    /// Returns the placeholders in lines that an edit removes, and the placeholders that only its added lines have.
    func openSlots(_ atom: Int) -> (removed: [Int], added: [Int]) {
        let shape = shapes[atoms[atom].shape]
        func slots(_ parts: [Shape.Part]) -> [Int] {
            parts.compactMap { part in if case .slot(let slot, let kind) = part, kind != .comment { slot } else { nil }
            }
        }
        let removed = slots(shape.removed)
        let open = Set(atoms[atom].open.map(\.slot))
        return (
            removed: Set(removed).filter(open.contains).sorted(),
            added: Set(slots(shape.added)).subtracting(removed).filter(open.contains).sorted()
        )
    }

    /// Counts the commits that have each edit.
    private mutating func count() {
        sets = entries.map { Set($0.map(\.atom)).sorted() }
        for atom in atoms.indices { atoms[atom].support = 0 }
        for set in sets { for atom in set { atoms[atom].support += 1 } }
    }

    private func isFrequent(_ atom: Int) -> Bool { atoms[atom].support >= Refinement.frequent(of: entries.count) }

    private static let mostTemplates = 40

    /// Replaces rare edits by frequent ones where a template of these gives the same lines.
    private mutating func explainRareEdits(_ blocks: [[ReadBlock]], _ values: [Int: [Int32?]]) {
        let templates = templates(blocks, values)
        guard !templates.isEmpty else { return }
        for commit in entries.indices where !sets[commit].allSatisfy(isFrequent) {
            var place = 0
            var explained: [Entry] = []
            for (number, block) in blocks[commit].enumerated() {
                let own = Array(entries[commit][place..<place + block.pieces.count])
                place += block.pieces.count
                let isRare = !own.allSatisfy { isFrequent($0.atom) }
                explained += (isRare ? Self.explain(block, number, templates) : nil) ?? own
            }
            entries[commit] = explained
        }
        count()
    }

    /// The frequent edits of one line, the most frequent one first.
    private func templates(_ blocks: [[ReadBlock]], _ values: [Int: [Int32?]]) -> [EditTemplate] {
        var found: [EditTemplate.Key: (template: EditTemplate, commits: Int, last: Int)] = [:]
        var order: [EditTemplate.Key] = []
        for commit in blocks.indices {
            var place = 0
            for block in blocks[commit] {
                let own = entries[commit][place..<place + block.pieces.count].map(\.atom)
                place += block.pieces.count
                guard own.allSatisfy(isFrequent),
                    let template = EditTemplate(block, own.map { ($0, values[$0, default: []]) })
                else { continue }
                if let known = found[template.key] {
                    if known.last != commit { found[template.key] = (known.template, known.commits + 1, commit) }
                } else {
                    found[template.key] = (template, 1, commit)
                    order.append(template.key)
                }
            }
        }
        let least = Refinement.frequent(of: entries.count)
        let frequent = order.enumerated().compactMap { place, key in found[key].map { (place, $0.template, $0.commits) }
        }
        .filter { $0.2 >= least }.sorted { ($1.2, $0.0) < ($0.2, $1.0) }
        return frequent.prefix(Self.mostTemplates).map(\.1)
    }

    /// The edits of a block of which each line is made by a template; nil if one is not.
    private static func explain(_ block: ReadBlock, _ number: Int, _ templates: [EditTemplate]) -> [Entry]? {
        guard !block.old.isEmpty, block.old.count == block.new.count else { return nil }
        var entries: [Entry] = []
        for (place, (before, after)) in zip(block.old, block.new).enumerated() {
            let found = templates.lazy.compactMap { template in
                template.explain(before, after).map { (template, $0) }
            }.first
            guard let (template, values) = found else { return nil }
            for use in template.uses {
                var slots = use.slots
                for (slot, variable) in use.variables.enumerated() {
                    if let variable, let value = values[variable] { slots[slot].value = value }
                }
                entries.append(Entry(atom: use.atom, slots: slots, line: line(place, block: number)))
            }
        }
        return entries
    }

    /// The share of tokens that two sets of edits do not have in common: one minus the overlap of their bags of tokens
    /// (Sajnani and others: SourcererCC, ICSE 2016).
    func distance(_ a: [Int], _ b: [Int]) -> Double {
        func bag(_ set: [Int]) -> [String: Int] {
            set.flatMap { atoms[$0].tokens }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        let (left, right) = (bag(a), bag(b))
        let common = left.reduce(0) { $0 + min($1.value, right[$1.key, default: 0]) }
        let all = left.values.reduce(0, +) + right.values.reduce(0, +) - common
        return all == 0 ? 0 : 1 - Double(common) / Double(all)
    }
}

/// Writes an edit as people read it.
private struct AtomText {
    private(set) var atom: CommitAtoms.Atom

    /// - Parameter isConcrete: whether all values are shown, and nothing beside them.
    init(_ shape: Shape, _ refined: Refinement.Atom, _ lexicon: Lexicon, isConcrete: Bool = false) {
        var open: [(slot: Int, name: String)] = []
        func word(_ part: Shape.Part) -> String {
            switch part {
            case .text(let text): return lexicon[text]
            case .slot(let slot, _):
                if let value = refined.values[slot] { return lexicon[value] }
                let name = "$\(slot + 1)"
                if !open.contains(where: { $0.slot == slot }) { open.append((slot, name)) }
                return name
            }
        }
        let (removed, added) = (shape.removed.map(word), shape.added.map(word))
        var text = Self.line(removed, added)
        let first = refined.values.count - shape.relations.count
        for (index, relation) in shape.relations.enumerated() where !isConcrete {
            guard let value = refined.values[first + index].map({ lexicon[$0] }), !value.isEmpty else { continue }
            switch relation.kind {
            case .change(let new):
                guard refined.values[relation.slot] == nil || refined.values[new] == nil else { continue }
                text += " ($\(new + 1) is \(value))"
            case .words(let new):
                guard refined.values[relation.slot] == nil || refined.values[new] == nil else { continue }
                text += " ($\(new + 1) is the text \(value))"
            case .firstWord:
                guard refined.values[relation.slot] == nil else { continue }
                text += " (a comment with '\(value)')"
            }
        }
        atom = .init(
            text: text, tokens: removed.map { "-\($0)" } + added.map { "+\($0)" }, shape: refined.shape, open: open)
    }

    private static func line(_ removed: [String], _ added: [String]) -> String {
        if removed.isEmpty { return "+ \(joined(added))" }
        if added.isEmpty { return "- \(joined(removed))" }
        return "\(joined(removed)) → \(joined(added))"
    }

    private static let tightBefore: Set<String> = [".", ",", ")", "]", ";", ":", "(", "[", "::", "?."]
    private static let tightAfter: Set<String> = [".", "(", "[", "::", "@", "!", "?."]

    private static func joined(_ words: [String]) -> String {
        var line = ""
        var last = ""
        for word in words {
            if !line.isEmpty, !tightBefore.contains(word), !tightAfter.contains(last) { line += " " }
            line += OutsideText.line(word)
            last = word
        }
        return line
    }
}
