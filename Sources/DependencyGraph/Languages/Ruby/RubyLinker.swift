import Model

/// Turns what one Ruby file requires and names into edges.
struct RubyLinker {
    let project: Project
    let constants: RubyConstants
    let paths: RubyLoadPath
    let file: Project.FileIndex
    private let directory: PathTree.Node
    private var nesting = RubyNesting()
    private var name: [UInt8] = []

    init(project: Project, constants: RubyConstants, paths: RubyLoadPath, file: Project.FileIndex) {
        self.project = project
        self.constants = constants
        self.paths = paths
        self.file = file
        directory = project.directory(of: file)
    }

    mutating func run(_ facts: FileFacts, into list: inout EdgeList) {
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            switch Ruby.Kind(rawValue: fact.kind) {
            case .require:
                guard let target = paths.required(text, from: directory) else { continue }
                list.add(from: file, to: target, kind: .import, line: fact.line)
            case .relative:
                guard let target = paths.file(directory, text) else { continue }
                list.add(from: file, to: target, kind: .import, line: fact.line)
            case .reference:
                guard let target = resolve(text) else { continue }
                list.add(from: file, to: target, kind: .name, line: fact.line, references: fact.value)
            case .open: nesting.open(text, flags: 0)
            case .close: _ = nesting.close()
            case .constant, .loadPath, .superclass, .include, .gem, nil: break
            }
        }
    }

    /// Looks for the first part of a constant in the open classes and modules from the inside out, then at the top. The
    /// rest is looked up below it.
    private mutating func resolve(_ text: Source.Bytes) -> Project.FileIndex? {
        if text.first == UInt8(ascii: ":") {
            return below([], Source.Bytes(rebasing: text.dropFirst(2)))
        }
        let first = text.firstIndex(of: UInt8(ascii: ":")) ?? text.count
        for outer in nesting.names.reversed() {
            name.removeAll(keepingCapacity: true)
            name.append(contentsOf: outer)
            name.append(contentsOf: "::".utf8)
            name.append(contentsOf: text[..<first])
            if constants.symbol(name) != nil { return below(outer, text) }
        }
        // A class inherits the constants of its superclass and of the modules that it includes.
        for ancestor in constants.ancestors(of: nesting.names.last) {
            name.removeAll(keepingCapacity: true)
            name.append(contentsOf: ancestor)
            name.append(contentsOf: "::".utf8)
            name.append(contentsOf: text[..<first])
            if constants.symbol(name) != nil { return below(ancestor, text) }
        }
        guard !RubyCoreNames.names.contains(Source.Bytes(rebasing: text[..<first]).string) || first < text.count else {
            return nil
        }
        return below([], text)
    }

    /// The longest part of `text` that is a constant below `outer`.
    private mutating func below(_ outer: [UInt8], _ text: Source.Bytes) -> Project.FileIndex? {
        name.removeAll(keepingCapacity: true)
        name.append(contentsOf: outer)
        if !outer.isEmpty { name.append(contentsOf: "::".utf8) }
        let start = name.count
        name.append(contentsOf: text)
        // Real paths are shorter, and each step hashes the rest again.
        for _ in 0..<16 {
            if let symbol = constants.symbol(name) { return constants.file(symbol, name, from: file) }
            guard let colon = name[start...].lastIndex(of: UInt8(ascii: ":")), colon > start else { return nil }
            name.removeLast(name.count - colon + 1)
        }
        return nil
    }
}
