import Model

/// Turns the names of one Swift file into edges to the files that declare them.
struct SwiftLinker {
    let project: Project
    let modules: SwiftModules
    let names: SwiftNames
    let file: RepositoryGraph.FileIndex
    /// The types around the current fact. The top of the file comes first.
    private var open: [SwiftNames.Path] = [SwiftNames.top]
    /// The scopes in which names are looked up: the innermost types first, and the top of the file last.
    private var scopes: [SwiftNames.Path] = [SwiftNames.top]

    /// The deepest nesting in which names are looked up.
    private static let deepest = 16

    init(project: Project, modules: SwiftModules, names: SwiftNames, file: RepositoryGraph.FileIndex) {
        self.project = project
        self.modules = modules
        self.names = names
        self.file = file
    }

    mutating func run(_ facts: FileFacts, into list: inout EdgeList) {
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            switch Swift.Kind(rawValue: fact.kind) {
            case .open:
                let current = open.last ?? SwiftNames.top
                open.append(names.path(text, in: current) ?? current)
                scopes = open.dropFirst().suffix(Self.deepest).reversed() + [SwiftNames.top]
            case .close:
                if open.count > 1 { open.removeLast() }
                scopes = open.dropFirst().suffix(Self.deepest).reversed() + [SwiftNames.top]
            case .type:
                for part in names.find(SwiftPath(text), in: scopes, from: file) {
                    add(part.declarations, fact, into: &list)
                }
            case .call, .capitalCall:
                let name = Source.Bytes(rebasing: text.prefix { $0 != UInt8(ascii: "(") })
                let labels = Source.Bytes(rebasing: text.dropFirst(name.count + 1))
                guard !names.isMember(name, of: scopes) else { continue }
                let isAwaited = fact.flags & Swift.isAsync != 0
                addValues(SwiftNames.Use(name: name, labels: labels, isAwaited: isAwaited), fact, into: &list)
            case .value:
                if !names.isMember(text, of: scopes) {
                    addValues(SwiftNames.Use(name: text, takesFunctions: false), fact, into: &list)
                }
            case .operator, .macro:
                addValues(SwiftNames.Use(name: text, takesGlobals: false), fact, into: &list)
            default: break
            }
        }
    }

    private func addValues(_ use: SwiftNames.Use, _ fact: FileFact, into list: inout EdgeList) {
        add(names.values(use, from: file), fact, into: &list)
    }

    /// Several declarations of a name are overloads, or belong to several platforms.
    private func add(_ declarations: [SwiftNames.Declaration], _ fact: FileFact, into list: inout EdgeList) {
        guard !declarations.contains(where: { $0.file == file }) else { return }
        for declaration in declarations {
            let isSame = modules.moduleOf[declaration.file] == modules.moduleOf[file]
            list.add(
                from: file, to: declaration.file, kind: isSame ? .name : .import, line: fact.line,
                references: max(1, fact.value))
        }
    }
}
