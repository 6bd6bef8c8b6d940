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
                let found = names.find(SwiftPath(text), in: scopes, from: file)
                for part in found { add(part.declarations, fact, &list) }
                // Attached macros and functions with a capital.
                if found.isEmpty { addValues(text, fact, functions: true, globals: true, &list) }
            case .call:
                if !names.isMember(text, of: scopes) {
                    addValues(text, fact, functions: true, globals: true, &list)
                }
            case .value:
                if !names.isMember(text, of: scopes) {
                    addValues(text, fact, functions: false, globals: true, &list)
                }
            case .operator, .macro:
                addValues(text, fact, functions: true, globals: false, &list)
            default: break
            }
        }
    }

    private func addValues(
        _ name: Source.Bytes, _ fact: FileFact, functions: Bool, globals: Bool, _ list: inout EdgeList
    ) {
        add(names.values(name, from: file, functions: functions, globals: globals), fact, &list)
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
