import Model

/// The packages of the repository and their declarations.
struct GoPackages: Sendable {
    typealias FileIndex = RepositoryGraph.FileIndex
    typealias Symbol = SymbolTable.Symbol

    struct Package: Sendable {
        var directory: PathTree.Node
        var name: Symbol
        var files = 0
        /// Files with a `func init`, without tests.
        var initializers: [FileIndex] = []
    }

    struct Declaration: Sendable {
        var file: FileIndex
        var isTest: Bool
        var platform: GoPlatform
        /// The value of `Go.Kind.declare`, whose target is a place in the file's texts.
        var value: UInt32
    }

    private(set) var symbols: SymbolTable
    private(set) var packages: [Package] = []
    private var declarations: [UInt64: [Declaration]] = [:]
    /// Packages of a directory in the order of their files.
    private var byDirectory: [PathTree.Node: [Int]] = [:]
    /// The package of each Go file of the project.
    private(set) var packageOf: [FileIndex: Int] = [:]
    private var modules: [(path: [UInt8], directory: PathTree.Node)] = []
    private let tree: PathTree

    init(_ project: Project) {
        tree = project.tree
        symbols = SymbolTable(capacity: project.files.count * 8)
        for file in project.files {
            if project.role(file) == 0 { addSource(project, file) } else { addModules(project, file) }
        }
        modules.sort { $0.path.count > $1.path.count }
    }

    static func isTest(_ path: String) -> Bool { path.hasSuffix("_test.go") }

    private mutating func addSource(_ project: Project, _ file: FileIndex) {
        let facts = project.facts(file)
        guard !facts.isEmpty, facts[0].kind == Go.Kind.package.rawValue else { return }
        let directory = project.directory(of: file)
        let name = symbols.intern(facts.text(facts[0]))
        let package = package(directory, name)
        packages[package].files += 1
        packageOf[file] = package
        let isTest = Self.isTest(project.path(file))
        let platform = GoPlatform(path: project.path(file))
        for index in 0..<facts.count {
            let fact = facts[index]
            switch Go.Kind(rawValue: fact.kind) {
            case .declare:
                let key = Self.key(package, symbols.intern(facts.text(fact)))
                declarations[key, default: []].append(
                    Declaration(file: file, isTest: isTest, platform: platform, value: fact.value))
            case .import where fact.value > 0: _ = symbols.intern(facts.text(Int(fact.value) - 1))
            case .initializer where !isTest: packages[package].initializers.append(file)
            default: break
            }
        }
    }

    private mutating func package(_ directory: PathTree.Node, _ name: Symbol) -> Int {
        if let known = byDirectory[directory]?.first(where: { packages[$0].name == name }) { return known }
        packages.append(Package(directory: directory, name: name))
        byDirectory[directory, default: []].append(packages.count - 1)
        return packages.count - 1
    }

    private mutating func addModules(_ project: Project, _ file: FileIndex) {
        let facts = project.facts(file)
        for index in 0..<facts.count {
            let fact = facts[index]
            switch Go.Kind(rawValue: fact.kind) {
            case .module:
                // Packages of the standard library have no module path.
                let path = facts.text(fact)
                modules.append((path.equals("std") ? [] : Array(path), project.directory(of: file)))
            case .replace:
                let path = facts.text(Int(fact.value))
                if let directory = tree.descend(from: project.directory(of: file), path) {
                    modules.append((Array(facts.text(fact)), directory))
                }
            default: break
            }
        }
    }

    private static func key(_ package: Int, _ symbol: Symbol) -> UInt64 { UInt64(package) << 32 | UInt64(symbol) }

    func declarations(_ symbol: Symbol, in package: Int) -> [Declaration] {
        declarations[Self.key(package, symbol)] ?? []
    }

    /// Finds the package of an import path. The module with the longest matching path decides the directory.
    /// - Parameter from: the directory of the importing file. Among modules with the same path, the nearest one is
    ///   used.
    func package(path: Source.Bytes, from: PathTree.Node) -> Int? {
        var best: (directory: PathTree.Node, length: Int, common: Int)?
        for module in modules where module.path.count <= path.count {
            let length = module.path.count
            if let best, length < best.length { break }
            guard module.path.elementsEqual(path.prefix(length)),
                length == 0 || length == path.count || path[length] == UInt8(ascii: "/")
            else { continue }
            let rest = Source.Bytes(rebasing: path.dropFirst(length == 0 ? 0 : min(path.count, length + 1)))
            guard let directory = rest.isEmpty ? module.directory : tree.descend(from: module.directory, rest) else {
                continue
            }
            let common = tree.depth(commonAncestor(module.directory, from))
            if best.map({ common > $0.common }) ?? true { best = (directory, length, common) }
        }
        return best.flatMap { main(in: $0.directory) }
    }

    private func commonAncestor(_ a: PathTree.Node, _ b: PathTree.Node) -> PathTree.Node {
        var (a, b) = (a, b)
        var (depthA, depthB) = (tree.depth(a), tree.depth(b))
        while a != b {
            if depthA >= depthB {
                a = tree.parent(a)
                depthA -= 1
            } else {
                b = tree.parent(b)
                depthB -= 1
            }
        }
        return a
    }

    /// The package of a directory that can be imported. It is not a test package. If tags exclude some packages from
    /// the build, it is the one with the most files.
    private func main(in directory: PathTree.Node) -> Int? {
        let isTest = { (package: Int) in symbols.string(packages[package].name).hasSuffix("_test") }
        let all = byDirectory[directory] ?? []
        let candidates = all.count > 1 ? all.filter { !isTest($0) } : all
        return candidates.max { (packages[$0].files, -$0) < (packages[$1].files, -$1) }
    }
}
