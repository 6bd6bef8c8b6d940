import Model

/// The declarations of the repository's modules, by module and enclosing type.
struct SwiftNames: Sendable {
    typealias FileIndex = RepositoryGraph.FileIndex
    typealias Symbol = SymbolTable.Symbol
    /// The number of a dotted name, for any module. 0 is the top of a file.
    typealias Path = Int32
    static let top: Path = 0

    struct Declaration: Sendable {
        var file: FileIndex
        var flags: UInt8
        /// The place, in the file's texts, of a type alias' target or of a function's labels, or -1.
        var target: Int32 = -1
        var isFunction = false
    }

    private let project: Project
    private let modules: SwiftModules
    private(set) var symbols: SymbolTable
    private var paths: [UInt64: Path] = [:]
    private var parents: [Path] = [0]
    private var types: [UInt64: [Declaration]] = [:]
    private var values: [UInt64: [Declaration]] = [:]
    private var members: Set<UInt64> = []
    private var supers: [Path: [Path]] = [:]

    init(_ project: Project, _ modules: SwiftModules) {
        self.project = project
        self.modules = modules
        symbols = SymbolTable(capacity: project.files.count * 16)
        var inherited: [(path: Path, file: FileIndex, text: UInt32)] = []
        for file in project.files { add(file, &inherited) }
        for entry in inherited {
            let parts = SwiftPath(project.facts(entry.file).text(Int(entry.text)))
            // The supertypes of a type are looked up outside of it.
            guard let found = find(parts, in: [parents[Int(entry.path)], Self.top], from: entry.file).last,
                found.path != entry.path, supers[entry.path]?.count ?? 0 < 64
            else { continue }
            supers[entry.path, default: []].append(found.path)
        }
    }

    private static func key(_ a: Int32, _ b: Symbol) -> UInt64 { UInt64(UInt32(bitPattern: a)) << 32 | UInt64(b) }

    private static func key(_ module: Int32, path: Path) -> UInt64 { key(module, UInt32(bitPattern: path)) }

    // MARK: - Declarations

    private mutating func add(
        _ file: FileIndex, _ inherited: inout [(path: Path, file: FileIndex, text: UInt32)]
    ) {
        let facts = project.facts(file)
        let module = modules.moduleOf[file] ?? 0
        var open: [Path] = [Self.top]
        for index in 0..<facts.count {
            let fact = facts[index]
            let current = open[open.count - 1]
            switch Swift.Kind(rawValue: fact.kind) {
            case .open:
                let path = enter(facts.text(fact), in: current)
                open.append(path)
                if fact.flags & Swift.isExtension == 0 {
                    types[Self.key(module, path: path), default: []].append(
                        Declaration(file: file, flags: fact.flags))
                }
            case .close:
                if open.count > 1 { open.removeLast() }
            case .inherits:
                inherited.append((current, file, fact.value))
            case .alias:
                let path = enter(facts.text(fact), in: current)
                types[Self.key(module, path: path), default: []].append(
                    Declaration(file: file, flags: fact.flags, target: Int32(clamping: Int(fact.value) - 1)))
            case .member:
                members.insert(Self.key(current, symbols.intern(facts.text(fact))))
            case .function, .global:
                let isFunction = fact.kind == Swift.Kind.function.rawValue
                values[Self.key(module, symbols.intern(facts.text(fact))), default: []].append(
                    Declaration(
                        file: file, flags: fact.flags, target: Int32(clamping: Int(fact.value) - 1),
                        isFunction: isFunction))
            default: break
            }
        }
    }

    /// The path of a dotted name, without a leading module.
    private mutating func enter(_ name: Source.Bytes, in parent: Path) -> Path {
        var parts = SwiftPath(name)
        var path = parent
        var isFirst = parent == Self.top
        while let part = parts.next() {
            if isFirst, !parts.isEmpty, modules.find(part.string, from: 0) != nil { continue }
            isFirst = false
            let key = Self.key(path, symbols.intern(part))
            if let known = paths[key] {
                path = known
            } else {
                parents.append(path)
                path = Path(parents.count - 1)
                paths[key] = path
            }
        }
        return path
    }

    // MARK: - Lookup

    /// The path of an extension or a type that the facts of a file open.
    func path(_ name: Source.Bytes, in parent: Path) -> Path? {
        var parts = SwiftPath(name)
        var path = parent
        var isFirst = parent == Self.top
        while let part = parts.next() {
            if isFirst, !parts.isEmpty, modules.find(part.string, from: 0) != nil { continue }
            isFirst = false
            guard let next = child(path, part) else { return nil }
            path = next
        }
        return path
    }

    private func child(_ path: Path, _ name: Source.Bytes) -> Path? {
        symbols.find(name).flatMap { paths[Self.key(path, $0)] }
    }

    /// One part of a name: its path, and its declarations that are visible to the file.
    struct Found: Sendable {
        var path: Path
        var declarations: [Declaration]
    }

    /// Resolves a dotted name, part by part, as far as it goes.
    /// - Parameter scopes: the types around the name, innermost first, and the top of the file last.
    func find(_ name: SwiftPath, in scopes: [Path], from file: FileIndex, depth: Int = 0) -> [Found] {
        var parts = name
        guard depth < 8, let first = parts.next(), let visible = modules.visible[file] else { return [] }
        var found: [Found] = []
        if let head = head(first, in: scopes, from: file, visible: visible) {
            // The meaning of a generic parameter is known only where it is used.
            if head.declarations.contains(where: { $0.flags & Swift.isGeneric != 0 }) { return [] }
            found.append(head)
        } else if let module = visible.first(where: { first.equals(modules.names[Int($0.module)]) }),
            let second = parts.next(),
            let head = child(Self.top, second).flatMap({ declared($0, from: file, visible: [module]) })
        {
            // `Module.Type`
            found.append(head)
        } else if let path = child(Self.top, first) {
            // A type from outside the repository, to which an extension here adds types.
            found.append(Found(path: path, declarations: []))
        }
        while let part = parts.next(), let last = found.last {
            let path = followed(last, depth: depth)
            guard let next = nested(part, in: path, from: file, visible: visible) else { break }
            found.append(next)
        }
        return found
    }

    /// The first part of a name, from the innermost type to the top of the file.
    ///
    /// An associated type is defined by the conforming type. Mostly it is a type of that name further out.
    private func head(
        _ name: Source.Bytes, in scopes: [Path], from file: FileIndex, visible: [SwiftModules.Visible]
    ) -> Found? {
        var associated: Found?
        for scope in scopes {
            guard let found = nested(name, in: scope, from: file, visible: visible) else { continue }
            let isAsked = found.declarations.first.map { $0.flags & Swift.isAssociated != 0 } ?? false
            guard isAsked, parents[Int(found.path)] != scope else { return found }
            if associated == nil { associated = found }
        }
        return associated
    }

    /// The path of a type alias' target, or the path itself.
    private func followed(_ found: Found, depth: Int) -> Path {
        guard let alias = found.declarations.first, alias.target >= 0 else { return found.path }
        let target = SwiftPath(project.facts(alias.file).text(Int(alias.target)))
        let scopes = [parents[Int(found.path)], Self.top]
        return find(target, in: scopes, from: alias.file, depth: depth + 1).last?.path ?? found.path
    }

    /// A nested type, its own or inherited.
    private func nested(
        _ name: Source.Bytes, in path: Path, from file: FileIndex, visible: [SwiftModules.Visible]
    ) -> Found? {
        guard let symbol = symbols.find(name) else { return nil }
        var found: Found?
        walkSupers(path) { path in
            guard let inner = paths[Self.key(path, symbol)] else { return false }
            found = declared(inner, from: file, visible: visible)
            return found != nil
        }
        return found
    }

    /// Calls `body` for a type and its supertypes until it returns true.
    private func walkSupers(_ path: Path, _ body: (Path) -> Bool) {
        if body(path) || path == Self.top { return }
        guard var waiting = supers[path] else { return }
        var place = 0
        while place < waiting.count {
            let next = waiting[place]
            place += 1
            if body(next) { return }
            // Longer chains of protocols are rare, and cycles are errors.
            guard waiting.count < 48 else { continue }
            for outer in supers[next] ?? [] where !waiting.contains(outer) && outer != path { waiting.append(outer) }
        }
    }

    private func declared(
        _ path: Path, from file: FileIndex, visible: [SwiftModules.Visible]
    ) -> Found? {
        for module in visible {
            guard let all = types[Self.key(module.module, path: path)] else { continue }
            let seen = all.filter { isSeen($0, by: file, module) }
            if !seen.isEmpty { return Found(path: path, declarations: seen) }
        }
        return nil
    }

    private func isSeen(_ declaration: Declaration, by file: FileIndex, _ module: SwiftModules.Visible) -> Bool {
        if declaration.file == file { return true }
        if declaration.flags & Swift.isPrivate != 0 { return false }
        return module.seesInternal || declaration.flags & Swift.isPublic != 0
    }

    /// Whether one of the types has or inherits a member of this name.
    func isMember(_ name: Source.Bytes, of scopes: [Path]) -> Bool {
        guard let symbol = symbols.find(name) else { return false }
        for scope in scopes where scope != Self.top {
            var found = false
            walkSupers(scope) { path in
                found = members.contains(Self.key(path, symbol))
                return found
            }
            if found { return true }
        }
        return false
    }

    /// A use of a free function or a global.
    struct Use {
        var name: Source.Bytes
        /// The labels of the arguments; nil if it is not a call.
        var labels: Source.Bytes?
        var isAwaited = false
        var takesFunctions = true
        var takesGlobals = true
    }

    /// Returns the matching declarations of the first module that has any.
    func values(_ use: Use, from file: FileIndex) -> [Declaration] {
        guard let symbol = symbols.find(use.name), let visible = modules.visible[file] else { return [] }
        for module in visible {
            guard let all = values[Self.key(module.module, symbol)] else { continue }
            let seen = all.filter { isSeen($0, by: file, module) && fits($0, use) }
            if !seen.isEmpty { return seen }
        }
        return []
    }

    private func fits(_ declaration: Declaration, _ use: Use) -> Bool {
        guard declaration.isFunction else { return use.takesGlobals }
        guard use.takesFunctions, use.isAwaited || declaration.flags & Swift.isAsync == 0 else { return false }
        guard let labels = use.labels, declaration.target >= 0 else { return true }
        return SwiftLabels.fit(call: labels, function: project.facts(declaration.file).text(Int(declaration.target)))
    }
}

/// The parts of a dotted name, one by one.
struct SwiftPath {
    private var rest: Source.Bytes

    init(_ name: Source.Bytes) { rest = name }

    var isEmpty: Bool { rest.isEmpty }

    mutating func next() -> Source.Bytes? {
        guard !rest.isEmpty else { return nil }
        let part = Source.Bytes(rebasing: rest.prefix { $0 != UInt8(ascii: ".") })
        rest = Source.Bytes(rebasing: rest.dropFirst(part.count + 1))
        return part
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func equals(_ text: String) -> Bool { elementsEqual(text.utf8) }
}
