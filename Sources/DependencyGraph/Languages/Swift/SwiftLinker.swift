import Model

/// Turns the names of one Swift file into edges to the files that declare them.
struct SwiftLinker {
    let project: Project
    let modules: SwiftModules
    let names: SwiftNames
    let file: RepositoryGraph.FileIndex
    /// The types around the fact at hand, innermost first, and the top of the file last.
    private var scopes: [SwiftNames.Path] = [SwiftNames.top]

    init(project: Project, modules: SwiftModules, names: SwiftNames, file: RepositoryGraph.FileIndex) {
        self.project = project
        self.modules = modules
        self.names = names
        self.file = file
    }

    mutating func run(_ facts: FileFacts, _ list: inout EdgeList) {
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            switch Swift.Kind(rawValue: fact.kind) {
            case .open:
                let path = names.path(text, in: scopes[0]) ?? scopes[0]
                scopes.insert(path, at: 0)
            case .close:
                if scopes.count > 1 { scopes.removeFirst() }
            case .type:
                for part in names.find(SwiftPath(text), in: scopes, from: file) {
                    add(part.declarations, fact, &list)
                }
            case .call, .capitalCall:
                let name = Source.Bytes(rebasing: text.prefix { $0 != UInt8(ascii: "(") })
                let labels = Source.Bytes(rebasing: text.dropFirst(name.count + 1))
                guard !names.isMember(name, of: scopes) else { continue }
                let isAwaited = fact.flags & Swift.isAsync != 0
                addValues(SwiftNames.Use(name: name, labels: labels, isAwaited: isAwaited), fact, &list)
            case .value:
                if !names.isMember(text, of: scopes) {
                    addValues(SwiftNames.Use(name: text, takesFunctions: false), fact, &list)
                }
            case .operator, .macro:
                addValues(SwiftNames.Use(name: text, takesGlobals: false), fact, &list)
            default: break
            }
        }
    }

    private func addValues(_ use: SwiftNames.Use, _ fact: FileFact, _ list: inout EdgeList) {
        add(names.values(use, from: file), fact, &list)
    }

    /// Several declarations of a name are for several platforms, or are overloads.
    private func add(_ declarations: [SwiftNames.Declaration], _ fact: FileFact, _ list: inout EdgeList) {
        guard !declarations.contains(where: { $0.file == file }) else { return }
        for declaration in declarations {
            let isSame = modules.moduleOf[declaration.file] == modules.moduleOf[file]
            list.add(
                from: file, to: declaration.file, kind: isSame ? .name : .import, line: fact.line,
                references: max(1, fact.value))
        }
    }
}
