import Model

/// The modules of all crates, and the lookup of names in them.
struct RustModules: Sendable {
    typealias FileIndex = RepositoryGraph.FileIndex
    typealias Symbol = SymbolTable.Symbol

    /// The meaning of a name.
    enum Entity: Sendable, Equatable {
        case module(Int32)
        /// An item, by the file that declares it.
        case item(FileIndex)
    }

    struct Module: Sendable {
        var file: FileIndex
        /// -1 for the root of a crate.
        var parent: Int32
        var root: Int32
        var package: Int32
        var isInline: Bool
        /// Whether its macros are visible in the enclosing module, by `#[macro_use]`.
        var usesMacros = false
        /// Imports with `*`, by their facts.
        var globs: [Int] = []
    }

    /// A `use`, by its module and its fact.
    struct Import: Equatable {
        var module: Int32
        var fact: Int
    }

    private enum Binding {
        case entity(Entity)
        case use(Import)
    }

    let project: Project
    fileprivate(set) var symbols = SymbolTable()
    private(set) var modules: [Module] = []
    private(set) var packages: [CargoPackage] = []
    private var bindings: [UInt64: [Binding]] = [:]
    /// Macros by module and name. They are also visible in nested modules.
    private var macros: [UInt64: [FileIndex]] = [:]
    private var libraries: [Symbol: [(package: Int, module: Int32)]] = [:]

    init(project: Project) { self.project = project }

    /// The modules that start in each file.
    func instances() -> [FileIndex: [Int32]] {
        var result: [FileIndex: [Int32]] = [:]
        for (index, module) in modules.enumerated() where !module.isInline {
            result[module.file, default: []].append(Int32(index))
        }
        return result
    }

    // MARK: - Building

    private static func key(_ module: Int32, _ symbol: Symbol) -> UInt64 {
        UInt64(UInt32(bitPattern: module)) << 32 | UInt64(symbol)
    }

    mutating func add(_ package: CargoPackage) { packages.append(package) }

    mutating func add(_ module: Module) -> Int32 {
        let index = Int32(modules.count)
        modules.append(module)
        if module.root < 0 { modules[Int(index)].root = index }
        return index
    }

    mutating func addLibrary(_ name: String, package: Int, module: Int32) {
        libraries[symbols.intern(name), default: []].append((package, module))
    }

    mutating func bind(_ name: Source.Bytes, in module: Int32, to entity: Entity) {
        let key = Self.key(module, symbols.intern(name))
        // A repeated name is the same item for other targets. The limit keeps generated code from filling the list.
        guard bindings[key]?.count ?? 0 < 16 else { return }
        bindings[key, default: []].append(.entity(entity))
    }

    mutating func bind(_ name: Source.Bytes, in module: Int32, toUse fact: Int) {
        let key = Self.key(module, symbols.intern(name))
        guard bindings[key]?.count ?? 0 < 16 else { return }
        bindings[key, default: []].append(.use(Import(module: module, fact: fact)))
    }

    mutating func addGlob(_ fact: Int, in module: Int32) { modules[Int(module)].globs.append(fact) }

    mutating func addMacro(_ name: Source.Bytes, in module: Int32, isExported: Bool) {
        let file = modules[Int(module)].file
        let symbol = symbols.intern(name)
        if isExported { bind(name, in: modules[Int(module)].root, to: .item(file)) }
        var module = module
        while module >= 0 {
            let key = Self.key(module, symbol)
            if macros[key]?.contains(file) != true { macros[key, default: []].append(file) }
            guard modules[Int(module)].usesMacros else { return }
            module = modules[Int(module)].parent
        }
    }

    // MARK: - Resolving

    func file(_ entity: Entity) -> FileIndex {
        switch entity {
        case .module(let module): modules[Int(module)].file
        case .item(let file): file
        }
    }

    /// The files of a macro that is visible in a module because an enclosing module has it.
    func macro(_ name: Source.Bytes, in module: Int32) -> [FileIndex] {
        guard let symbol = symbols.find(name) else { return [] }
        var module = module
        while module >= 0 {
            if let found = macros[Self.key(module, symbol)] { return found }
            module = modules[Int(module)].parent
        }
        return []
    }

    /// The number of modules that one lookup may visit, because imports may form cycles.
    struct Budget {
        var left = 128
        mutating func spend() -> Bool {
            left -= 1
            return left >= 0
        }
    }

    /// Resolves a path in a module. If its end is unknown, the result is the deepest module on the path.
    /// - Parameter isImport: whether it is the path of a `use`, which starts at the root of the crate in edition 2015.
    func resolve(
        _ path: Source.Bytes, in module: Int32, isImport: Bool, skipping skipped: Import? = nil, _ budget: inout Budget
    ) -> [Entity] {
        guard budget.spend() else { return [] }
        var parts = RustPath(path)
        var current: [Entity]
        let isOld =
            packages.indices.contains(Int(modules[Int(module)].package))
            && packages[Int(modules[Int(module)].package)].edition == .before2018
        if parts.isGlobal {
            guard let first = parts.next() else { return [] }
            current = external(first, from: module)
            if current.isEmpty, isOld {
                current = lookup(first, in: modules[Int(module)].root, skipping: skipped, &budget)
            }
        } else {
            guard let first = parts.next() else { return [] }
            if first.equals("crate") {
                current = [.module(modules[Int(module)].root)]
            } else if first.equals("self") {
                current = [.module(module)]
            } else if first.equals("super") {
                guard modules[Int(module)].parent >= 0 else { return [] }
                current = [.module(modules[Int(module)].parent)]
            } else {
                current = []
                if isOld, isImport {
                    current = lookup(first, in: modules[Int(module)].root, skipping: skipped, &budget)
                }
                if current.isEmpty { current = lookup(first, in: module, skipping: skipped, &budget) }
                if current.isEmpty { current = external(first, from: module) }
            }
        }
        while !current.isEmpty, let part = parts.next() {
            let next = step(current, part, skipping: skipped, budget: &budget)
            if next.isEmpty { return current }
            current = next
        }
        return current
    }

    private func step(
        _ current: [Entity], _ part: Source.Bytes, skipping skipped: Import?, budget: inout Budget
    ) -> [Entity] {
        var next: [Entity] = []
        for entity in current.prefix(8) {
            guard case .module(let module) = entity else { continue }
            if part.equals("super") {
                if modules[Int(module)].parent >= 0 { next.append(.module(modules[Int(module)].parent)) }
            } else if part.equals("self") {
                next.append(entity)
            } else {
                for found in lookup(part, in: module, skipping: skipped, &budget) where !next.contains(found) {
                    next.append(found)
                }
            }
        }
        return next
    }

    /// Resolves a name inside a module: its own items and imports first, then glob imports.
    /// - Parameter skipping: the import that is being resolved, which cannot lead to itself.
    func lookup(_ name: Source.Bytes, in module: Int32, skipping skipped: Import?, _ budget: inout Budget) -> [Entity] {
        guard budget.spend(), let symbol = symbols.find(name) else { return [] }
        var found: [Entity] = []
        for binding in bindings[Self.key(module, symbol)] ?? [] {
            switch binding {
            case .entity(let entity):
                if !found.contains(entity) { found.append(entity) }
            case .use(let next):
                if next == skipped { continue }
                let facts = project.facts(modules[Int(next.module)].file)
                for entity in resolve(
                    facts.text(facts[next.fact]), in: next.module, isImport: true, skipping: next, &budget)
                where !found.contains(entity) {
                    found.append(entity)
                }
            }
        }
        return found.isEmpty ? throughGlobs(name, in: module, skipping: skipped, &budget) : found
    }

    /// Whether a module itself declares or imports the name.
    func isBound(_ name: Source.Bytes, in module: Int32) -> Bool {
        symbols.find(name).map { bindings[Self.key(module, $0)] != nil } ?? false
    }

    /// Resolves a name through the glob imports of a module.
    func throughGlobs(
        _ name: Source.Bytes, in module: Int32, skipping skipped: Import?, _ budget: inout Budget
    ) -> [Entity] {
        guard let symbol = symbols.find(name) else { return [] }
        let facts = project.facts(modules[Int(module)].file)
        for glob in modules[Int(module)].globs {
            let next = Import(module: module, fact: glob)
            if next == skipped { continue }
            for target in resolve(facts.text(facts[glob]), in: module, isImport: true, skipping: next, &budget) {
                guard case .module(let inner) = target, inner != module else { continue }
                guard bindings[Self.key(inner, symbol)] != nil || !modules[Int(inner)].globs.isEmpty else { continue }
                let found = lookup(name, in: inner, skipping: skipped, &budget)
                if !found.isEmpty { return found }
            }
        }
        return []
    }

    /// The library with a name: a dependency, or a crate of the repository.
    private func external(_ name: Source.Bytes, from module: Int32) -> [Entity] {
        let package = Int(modules[Int(module)].package)
        let own = packages.indices.contains(package) ? packages[package] : nil
        if let dependency = own?.dependencies[name.string] {
            if let directory = dependency.directory,
                let target = packages.firstIndex(where: { $0.directory == directory }),
                let symbol = symbols.find(packages[target].libraryName),
                let library = libraries[symbol]?.first(where: { $0.package == target })
            {
                return [.module(library.module)]
            }
            let library = symbols.find(dependency.package.replacing("-", with: "_")).flatMap { libraries[$0]?.first }
            if let library { return [.module(library.module)] }
        }
        guard let symbol = symbols.find(name), let all = libraries[symbol] else { return [] }
        let library = all.first { $0.package == package } ?? all.first
        return library.map { [.module($0.module)] } ?? []
    }
}

/// The parts of a path, one by one.
struct RustPath {
    private var rest: Source.Bytes
    let isGlobal: Bool

    init(_ path: Source.Bytes) {
        isGlobal = path.first == UInt8(ascii: ":")
        rest = path
        skipMarks()
    }

    private mutating func skipMarks() {
        while rest.first == UInt8(ascii: ":") { rest = Source.Bytes(rebasing: rest.dropFirst()) }
    }

    mutating func next() -> Source.Bytes? {
        guard !rest.isEmpty else { return nil }
        let part = Source.Bytes(rebasing: rest.prefix { $0 != UInt8(ascii: ":") })
        rest = Source.Bytes(rebasing: rest.dropFirst(part.count))
        skipMarks()
        return part
    }
}
