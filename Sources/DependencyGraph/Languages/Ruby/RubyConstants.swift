import Model

/// All constants of the repository by their full names, and the files that define them.
struct RubyConstants: Sendable {
    typealias FileIndex = Project.FileIndex

    private struct Definition: Sendable {
        var file: FileIndex
        /// Whether it is more than a wrapper around other definitions.
        var hasBody: Bool
        var hasSuperclass: Bool
    }

    private let project: Project
    private var symbols = SymbolTable()
    private var definitions: [[Definition]] = []
    /// By symbol: the full names of its superclass and of the modules that it includes.
    private var parents: [Int: [[UInt8]]] = [:]

    /// A superclass or an included module as written, with the classes and modules around it.
    private struct Parent {
        var child: [UInt8]
        var text: [UInt8]
        var nesting: [[UInt8]]
    }

    init(_ project: Project) {
        self.project = project
        var nesting = RubyNesting()
        var name: [UInt8] = []
        var foreign = RubyForeignNames()
        var written: [Parent] = []
        for file in project.files {
            let facts = project.facts(file)
            nesting.removeAll()
            for index in 0..<facts.count {
                let fact = facts[index]
                switch Ruby.Kind(rawValue: fact.kind) {
                case .open: nesting.open(facts.text(fact), flags: fact.flags)
                case .close:
                    guard let closed = nesting.close() else { continue }
                    add(
                        closed.name,
                        Definition(
                            file: file,
                            hasBody: fact.flags & Ruby.hasBody != 0 || closed.flags & Ruby.hasSuperclass != 0,
                            hasSuperclass: closed.flags & Ruby.hasSuperclass != 0))
                case .constant:
                    nesting.name(of: facts.text(fact), into: &name)
                    add(name, Definition(file: file, hasBody: true, hasSuperclass: false))
                case .superclass, .include:
                    // The superclass is looked up outside of the class.
                    let isInside = fact.kind == Ruby.Kind.include.rawValue
                    guard let child = nesting.names.last else { continue }
                    written.append(
                        Parent(
                            child: child, text: Array(facts.text(fact)),
                            nesting: isInside ? nesting.names : Array(nesting.names.dropLast())))
                case .gem: foreign.add(gem: facts.string(fact))
                default: break
                }
            }
        }
        disown(foreign)
        for parent in written {
            guard let child = symbol(parent.child), let found = resolve(parent) else { continue }
            if parents[child]?.contains(found) != true { parents[child, default: []].append(found) }
        }
    }

    /// Removes the definitions of constants of gems, unless the repository is the gem, or the definition is a new
    /// constant in a file of its own.
    private mutating func disown(_ foreign: RubyForeignNames) {
        var isOwned: [String: Bool] = [:]
        for symbol in definitions.indices where !definitions[symbol].isEmpty {
            let name = symbols.text(SymbolTable.Symbol(symbol))
            let root = String(name.split(separator: ":", maxSplits: 1).first ?? "")
            guard foreign.contains(root) else { continue }
            let owned =
                isOwned[root]
                ?? self.symbol(Array(root.utf8)).map { number in
                    definitions[number].contains { isAutoloaded($0.file, root) }
                } ?? false
            isOwned[root] = owned
            if !owned { definitions[symbol] = definitions[symbol].filter { isAutoloaded($0.file, name) } }
        }
    }

    /// Whether the file is where a loader looks for the constant: below `lib`, a directory in `app`, or the top.
    private func isAutoloaded(_ file: FileIndex, _ name: String) -> Bool {
        guard isConventional(file, Array(name.utf8)) else { return false }
        let path = project.path(file).split(separator: "/")
        let root = path.dropLast(name.split(separator: ":").count)
        return root.isEmpty || root.last == "lib" || root.dropLast().last == "app"
    }

    /// The full name of a superclass or module: from the inside out, then at the top.
    private func resolve(_ parent: Parent) -> [UInt8]? {
        if parent.text.first == UInt8(ascii: ":") {
            let name = Array(parent.text.dropFirst(2))
            return symbol(name) == nil ? nil : name
        }
        for outer in parent.nesting.reversed() {
            let name = outer + Array("::".utf8) + parent.text
            if symbol(name) != nil { return name }
        }
        return symbol(parent.text) == nil ? nil : parent.text
    }

    /// More ancestors than real classes have in one repository.
    private static let mostAncestors = 64

    /// The full names of the superclasses and included modules of a class, the nearest first.
    func ancestors(of name: [UInt8]?) -> [[UInt8]] {
        guard let name, let start = symbol(name) else { return [] }
        var found = parents[start] ?? []
        var next = 0
        while next < found.count, found.count < Self.mostAncestors {
            for parent in symbol(found[next]).flatMap({ parents[$0] }) ?? []
            where parent != name && !found.contains(parent) {
                found.append(parent)
            }
            next += 1
        }
        return found
    }

    private mutating func add(_ name: [UInt8], _ definition: Definition) {
        // The namespaces of a name exist too, even if no file opens them.
        var end = 0
        while end + 1 < name.count {
            if name[end] == UInt8(ascii: ":"), name[end + 1] == UInt8(ascii: ":") {
                _ = number(name[..<end])
                end += 1
            }
            end += 1
        }
        let symbol = number(name[...])
        guard let last = definitions[symbol].last, last.file == definition.file else {
            definitions[symbol].append(definition)
            return
        }
        let place = definitions[symbol].count - 1
        definitions[symbol][place].hasBody = last.hasBody || definition.hasBody
        definitions[symbol][place].hasSuperclass = last.hasSuperclass || definition.hasSuperclass
    }

    private mutating func number(_ name: ArraySlice<UInt8>) -> Int {
        let symbol = Int(name.withUnsafeBufferPointer { symbols.intern($0) })
        if symbol == definitions.count { definitions.append([]) }
        return symbol
    }

    func symbol(_ name: some Collection<UInt8>) -> Int? {
        name.withContiguousStorageIfAvailable { symbols.find($0) }.flatMap { $0 }.map { Int($0) }
    }

    /// The file that defines a constant, for a file that uses it. nil if the using file defines it too, or if many
    /// files open a namespace and its own path has no file.
    func file(_ symbol: Int, _ name: some Collection<UInt8>, from: FileIndex) -> FileIndex? {
        let all = definitions[symbol]
        guard all.count > 1 else { return all.first?.file }
        // Longer lists belong to namespaces that every file opens. Then only the file at its own path counts.
        var bodies: [Definition] = []
        for definition in all {
            if definition.file == from { return nil }
            if definition.hasBody { bodies.append(definition) }
        }
        if let found = all.first(where: { isConventional($0.file, name) }) { return found.file }
        if bodies.count == 1 { return bodies[0].file }
        let heirs = bodies.filter(\.hasSuperclass)
        return heirs.count == 1 ? heirs[0].file : nil
    }

    /// Whether Zeitwerk would look for the constant in this file, whatever the inflections: `A::HTTPClient` is in
    /// `…/a/http_client.rb`.
    private func isConventional(_ file: FileIndex, _ name: some Collection<UInt8>) -> Bool {
        let path = project.path(file).utf8
        guard path.count > 3, path.suffix(3).elementsEqual(".rb".utf8) else { return false }
        var left = path.dropLast(3).reversed().lazy.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
            .makeIterator()
        var isColon = false
        for byte in name.reversed() {
            if byte == UInt8(ascii: "_") { continue }
            if byte == UInt8(ascii: ":") {
                isColon.toggle()
                if isColon { continue }
                guard left.next() == UInt8(ascii: "/") else { return false }
                continue
            }
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard left.next() == lower else { return false }
        }
        let next = left.next()
        return next == nil || next == UInt8(ascii: "/")
    }
}

/// The open classes and modules at a place of a file.
struct RubyNesting {
    /// Full names, the outermost first.
    private(set) var names: [[UInt8]] = []
    private var flags: [UInt8] = []

    /// The deepest nesting. Deeper levels are counted and have no names.
    private static let deepest = 64
    private var skipped = 0

    mutating func removeAll() {
        names.removeAll(keepingCapacity: true)
        flags.removeAll(keepingCapacity: true)
        skipped = 0
    }

    /// The full name of a definition with this name as written.
    func name(of text: Source.Bytes, into name: inout [UInt8]) {
        name.removeAll(keepingCapacity: true)
        if text.first == UInt8(ascii: ":") {
            name.append(contentsOf: text.dropFirst(2))
            return
        }
        if let outer = names.last {
            name.append(contentsOf: outer)
            name.append(contentsOf: "::".utf8)
        }
        name.append(contentsOf: text)
    }

    mutating func open(_ text: Source.Bytes, flags: UInt8) {
        guard names.count < Self.deepest, (names.last?.count ?? 0) < 4096 else {
            skipped += 1
            return
        }
        var name: [UInt8] = []
        self.name(of: text, into: &name)
        names.append(name)
        self.flags.append(flags)
    }

    mutating func close() -> (name: [UInt8], flags: UInt8)? {
        guard skipped == 0 else {
            skipped -= 1
            return nil
        }
        guard let name = names.popLast(), let flags = flags.popLast() else { return nil }
        return (name, flags)
    }
}
