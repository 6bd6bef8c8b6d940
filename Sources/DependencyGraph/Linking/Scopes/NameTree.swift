import Model

/// All packages, types and members of a project by their full names, and the files that declare them.
struct NameTree: Sendable {
    typealias Node = Int32
    typealias Symbol = SymbolTable.Symbol
    /// The unnamed package.
    static let root: Node = 0
    static let none: Node = -1

    struct Kinds: OptionSet, Sendable {
        let rawValue: UInt8
        static let package = Kinds(rawValue: 1)
        static let type = Kinds(rawValue: 2)
        static let value = Kinds(rawValue: 4)
        static let isExtension = Kinds(rawValue: 8)
        static let isPrivate = Kinds(rawValue: 16)
        static let partial = Kinds(rawValue: 32)
        /// Has this name for other languages only.
        static let facade = Kinds(rawValue: 64)
        /// A method of a partial type. It hides no type.
        static let method = Kinds(rawValue: 128)
    }

    struct Declaration: Sendable {
        var file: RepositoryGraph.FileIndex
        var kinds: Kinds
        var next: Int32
    }

    private var parents: [Node] = [none]
    private var symbols: [Symbol] = [.max]
    private var kinds: [Kinds] = [.package]
    private var firsts: [Int32] = [-1]
    private var declarations: [Declaration] = []
    /// Open addressing over node numbers; 0 (the root is nobody's child) is a free slot.
    private var slots: [Node]

    init(capacity: Int) {
        var size = 256
        while size < capacity * 2 { size *= 2 }
        slots = [Node](repeating: 0, count: size)
    }

    var count: Int { parents.count }

    func kinds(_ node: Node) -> Kinds { kinds[Int(node)] }
    func parent(_ node: Node) -> Node { parents[Int(node)] }

    /// The child with this name, or `none`.
    func child(_ parent: Node, _ symbol: Symbol) -> Node {
        let mask = slots.count - 1
        var slot = Self.hash(parent, symbol) & mask
        while slots[slot] != 0 {
            let found = slots[slot]
            if parents[Int(found)] == parent, symbols[Int(found)] == symbol { return found }
            slot = (slot + 1) & mask
        }
        return Self.none
    }

    /// Returns the child with this name, and makes it if it does not exist.
    mutating func makeChild(of parent: Node, _ symbol: Symbol, kind: Kinds) -> Node {
        if parents.count * 2 > slots.count { grow() }
        let mask = slots.count - 1
        var slot = Self.hash(parent, symbol) & mask
        while slots[slot] != 0 {
            let found = Int(slots[slot])
            if parents[found] == parent, symbols[found] == symbol {
                kinds[found].formUnion(kind)
                return Node(found)
            }
            slot = (slot + 1) & mask
        }
        let node = append(to: parent, symbol, kind: kind)
        slots[slot] = node
        return node
    }

    /// A node without a name.
    mutating func makeAnonymous(_ parent: Node, _ kind: Kinds) -> Node { append(to: parent, .max, kind: kind) }

    mutating func declare(_ node: Node, in file: RepositoryGraph.FileIndex, _ kinds: Kinds) {
        declarations.append(Declaration(file: file, kinds: kinds, next: firsts[Int(node)]))
        firsts[Int(node)] = Int32(declarations.count - 1)
    }

    /// The declarations of a node, the newest first.
    func declarations(of node: Node) -> some Sequence<Declaration> {
        sequence(state: firsts[Int(node)]) { [declarations] place -> Declaration? in
            guard place >= 0 else { return nil }
            let declaration = declarations[Int(place)]
            place = declaration.next
            return declaration
        }
    }

    private mutating func append(to parent: Node, _ symbol: Symbol, kind: Kinds) -> Node {
        parents.append(parent)
        symbols.append(symbol)
        kinds.append(kind)
        firsts.append(-1)
        return Node(parents.count - 1)
    }

    private static func hash(_ parent: Node, _ symbol: Symbol) -> Int {
        let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(symbol)
        let product = (key ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return Int(truncatingIfNeeded: (product.high ^ product.low) >> 1)
    }

    private mutating func grow() {
        slots = [Node](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for node in 1..<max(1, parents.count) where symbols[node] != .max {
            var slot = Self.hash(parents[node], symbols[node]) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Node(node)
        }
    }
}
