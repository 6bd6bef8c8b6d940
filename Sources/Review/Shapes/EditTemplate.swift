/// A frequent edit of one line, with variables for what differs: a second way to see that a line was edited like others.
///
/// An alignment can be misled by a name that occurs twice in a line, and then finds other pieces. If a template makes exactly
/// the new line of the old one, the edit is the frequent one all the same.
struct EditTemplate {
    enum Part: Hashable {
        case exact(Int32, Token.Kind)
        /// One token of a kind.
        case token(Int, Token.Kind)
        /// Any number of tokens that the edit keeps.
        case run(Int)
    }

    /// A piece of the edit.
    struct Use {
        var atom: Int
        /// Of the line that the template was made from.
        var slots: [Piece.Slot]
        /// The variable of each slot that stays a placeholder.
        var variables: [Int?]
    }

    private(set) var old: [Part] = []
    private(set) var new: [Part] = []
    private(set) var uses: [Use] = []
    private var variables: [Int32: Int] = [:]
    private var runs = 0

    /// What makes two templates the same.
    struct Key: Hashable {
        var old: [Part]
        var new: [Part]
    }

    var key: Key { Key(old: old, new: new) }

    /// - Parameters:
    ///   - block: a line and what it was replaced with.
    ///   - atoms: of the pieces of the block.
    /// - Returns: nil for an edit that brings in what the old line does not have.
    init?(_ block: ReadBlock, _ atoms: [(number: Int, values: [Int32?])]) {
        guard let regions = block.regions, regions.count == block.pieces.count, atoms.count == regions.count,
            let before = block.old.first, let after = block.new.first
        else { return nil }
        for (index, region) in regions.enumerated() {
            addRun()
            let slots = block.pieces[index].slots
            let open = Set(zip(slots, atoms[index].values).compactMap { $1 == nil ? $0.value : nil })
            for token in before[region.removed] {
                let made = part(token, isOpen: open.contains(token.text))
                old.append(made)
            }
            for token in after[region.added] {
                let isOpen = open.contains(token.text) && Self.mayBeOpen(token)
                if isOpen, variables[token.text] == nil { return nil }
                let made = part(token, isOpen: isOpen)
                new.append(made)
            }
            uses.append(
                Use(
                    atom: atoms[index].number, slots: slots,
                    variables: zip(slots, atoms[index].values).map { $1 == nil ? variables[$0.value] : nil }))
        }
        addRun()
    }

    private static func mayBeOpen(_ token: Token) -> Bool { token.kind != .symbol && token.kind != .keyword }

    private mutating func addRun() {
        old.append(.run(runs))
        new.append(.run(runs))
        runs += 1
    }

    private mutating func part(_ token: Token, isOpen: Bool) -> Part {
        guard isOpen, Self.mayBeOpen(token) else { return .exact(token.text, token.kind) }
        let variable = variables[token.text] ?? variables.count
        variables[token.text] = variable
        return .token(variable, token.kind)
    }

    /// The text of each variable, if the template makes the new line of the old one; nil if it does not.
    func explain(_ before: [Token], _ after: [Token]) -> [Int: Int32]? {
        var matcher = Matcher(template: self, before: before, after: after)
        return matcher.match(0, 0) ? matcher.tokens : nil
    }

    /// Finds what variables and runs stand for, by trying.
    private struct Matcher {
        let template: EditTemplate
        let before: [Token]
        let after: [Token]
        var tokens: [Int: Int32] = [:]
        private var runs: [Int: Range<Int>] = [:]
        private var steps = 0
        private static let mostSteps = 5000

        init(template: EditTemplate, before: [Token], after: [Token]) {
            self.template = template
            self.before = before
            self.after = after
        }

        mutating func match(_ part: Int, _ place: Int) -> Bool {
            steps += 1
            guard steps < Self.mostSteps else { return false }
            guard part < template.old.count else { return place == before.count && makesNew }
            switch template.old[part] {
            case .exact(let text, let kind):
                guard place < before.count, before[place].text == text, before[place].kind == kind else { return false }
                return match(part + 1, place + 1)
            case .token(let variable, let kind):
                guard place < before.count, before[place].kind == kind else { return false }
                let known = tokens[variable]
                guard known == nil || known == before[place].text else { return false }
                tokens[variable] = before[place].text
                if match(part + 1, place + 1) { return true }
                tokens[variable] = known
                return false
            case .run(let run):
                for end in place...before.count {
                    runs[run] = place..<end
                    if match(part + 1, end) { return true }
                }
                return false
            }
        }

        private var makesNew: Bool {
            var place = 0
            func has(_ text: Int32, _ kind: Token.Kind) -> Bool {
                place < after.count && after[place].text == text && after[place].kind == kind
            }
            for part in template.new {
                switch part {
                case .exact(let text, let kind):
                    guard has(text, kind) else { return false }
                    place += 1
                case .token(let variable, let kind):
                    guard let text = tokens[variable], has(text, kind) else { return false }
                    place += 1
                case .run(let run):
                    for token in before[runs[run] ?? 0..<0] {
                        guard has(token.text, token.kind) else { return false }
                        place += 1
                    }
                }
            }
            return place == after.count
        }
    }
}
