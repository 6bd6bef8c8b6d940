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
        /// The modules that the globs mean, once they are known.
        var opened: [Int32]?
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
    /// By package: the root module of its library, or -1.
    private var libraries: [Int32] = []
    /// By package: the libraries that its manifest declares, by their names in code.
    private var visible: [[Symbol: Int32]] = []

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

    mutating func add(_ package: CargoPackage) {
        packages.append(package)
        libraries.append(-1)
    }

    mutating func add(_ module: Module) -> Int32 {
        let index = Int32(modules.count)
        modules.append(module)
        if module.root < 0 { modules[Int(index)].root = index }
        return index
    }

    mutating func setLibrary(of package: Int, to module: Int32) { libraries[package] = module }

    /// Finds the libraries that each package can name, after all packages and libraries are known.
    ///
    /// A library is visible only through the manifest that declares it. So a package that is named like the standard
    /// library, or like a package of a registry, is not what other packages mean by that name.
    /// - Parameter workspaces: the workspaces by the directories of their manifests.
    mutating func connect(_ workspaces: [PathTree.Node: CargoWorkspace]) {
        var packageAt: [PathTree.Node: Int] = [:]
        for (index, package) in packages.enumerated() { packageAt[package.directory] = index }
        visible = packages.map { _ in [:] }
        for (index, package) in packages.enumerated() {
            let workspace = workspace(of: package, workspaces)
            for (key, own) in package.dependencies.entries {
                guard let entry = own.isInherited ? workspace?.dependencies.entries[key] : own,
                    let directory = entry.directory ?? workspace?.patches[entry.package ?? key],
                    let target = packageAt[directory], libraries[target] >= 0
                else { continue }
                let name = entry.package == nil ? packages[target].libraryName : key.replacing("-", with: "_")
                visible[index][symbols.intern(name)] = libraries[target]
            }
        }
    }

    private func workspace(
        of package: CargoPackage, _ workspaces: [PathTree.Node: CargoWorkspace]
    ) -> CargoWorkspace? {
        var node = package.workspace ?? package.directory
        while true {
            if let workspace = workspaces[node] { return workspace }
            guard node != PathTree.root else { return nil }
            node = project.tree.parent(node)
        }
    }

    /// Resolves the globs of all modules once, so that a lookup only steps from module to module.
    mutating func openGlobs() {
        for module in modules.indices where !modules[module].globs.isEmpty {
            var opened: [Int32] = []
            for glob in modules[module].globs {
                var budget = Budget()
                for inner in targets(of: glob, in: Int32(module), skipping: nil, &budget)
                where !opened.contains(inner) {
                    opened.append(inner)
                }
            }
            modules[module].opened = opened
        }
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

    /// The bounds of one lookup, because imports may form cycles.
    struct Budget {
        /// The number of modules that may still be visited.
        private var left = 256
        /// Names that are being looked up, by module. A lookup that needs its own result finds nothing.
        private var open: [UInt64] = []

        fileprivate mutating func spend() -> Bool {
            left -= 1
            return left >= 0
        }

        fileprivate mutating func enter(_ key: UInt64) -> Bool {
            guard spend(), !open.contains(key) else { return false }
            open.append(key)
            return true
        }

        fileprivate mutating func leave() { open.removeLast() }
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
        guard let symbol = symbols.find(name), budget.enter(Self.key(module, symbol)) else { return [] }
        defer { budget.leave() }
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
        guard let symbol = symbols.find(name), budget.spend() else { return [] }
        if let opened = modules[Int(module)].opened {
            return lookup(name, symbol, amongst: opened, of: module, skipping: skipped, &budget)
        }
        for glob in modules[Int(module)].globs {
            let opened = targets(of: glob, in: module, skipping: skipped, &budget)
            let found = lookup(name, symbol, amongst: opened, of: module, skipping: skipped, &budget)
            if !found.isEmpty { return found }
        }
        return []
    }

    private func lookup(
        _ name: Source.Bytes, _ symbol: Symbol, amongst opened: [Int32], of module: Int32, skipping skipped: Import?,
        _ budget: inout Budget
    ) -> [Entity] {
        for inner in opened where inner != module {
            guard bindings[Self.key(inner, symbol)] != nil || !modules[Int(inner)].globs.isEmpty else { continue }
            let found = lookup(name, in: inner, skipping: skipped, &budget)
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The modules that one glob import means.
    private func targets(
        of glob: Int, in module: Int32, skipping skipped: Import?, _ budget: inout Budget
    ) -> [Int32] {
        let next = Import(module: module, fact: glob)
        guard next != skipped else { return [] }
        let facts = project.facts(modules[Int(module)].file)
        return resolve(facts.text(facts[glob]), in: module, isImport: true, skipping: next, &budget).compactMap {
            if case .module(let inner) = $0 { inner } else { nil }
        }
    }

    /// The library with a name: one that the manifest declares, or the package's own for its programs and tests.
    private func external(_ name: Source.Bytes, from module: Int32) -> [Entity] {
        let package = Int(modules[Int(module)].package)
        guard packages.indices.contains(package) else { return [] }
        if let library = symbols.find(name).flatMap({ visible[package][$0] }) { return [.module(library)] }
        let own = libraries[package]
        guard own >= 0, modules[Int(module)].root != own, name.elementsEqual(packages[package].libraryName.utf8) else {
            return []
        }
        return [.module(own)]
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
