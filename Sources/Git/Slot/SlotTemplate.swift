#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Files that a slot gets in addition to those of a commit: what the set-up has made, and the content of submodules.
///
/// It is a folder with the files and a list of them. It never changes once it is made.
package final class SlotTemplate: Sendable {
    /// Names the content: templates with the same key are the same.
    package let key: String
    /// Absolute path of the folder.
    package let folder: String
    /// The paths that the template owns, with everything below them: what is there and not in the template is deleted.
    package var ownedPaths: [String] { roots.map(\.display) }

    let roots: [RawPath]
    let rootSet: Set<RawPath>
    private let aboveRoots: Set<RawPath>
    /// In depth-first order, siblings by name.
    let nodes: [Node]
    /// Absolute paths that the files name where they name their own checkout.
    let origins: [[UInt8]]

    struct Node: Sendable, Equatable {
        enum Kind: UInt8, Sendable {
            /// A directory above the owned paths.
            case bridge = 98
            case directory = 100
            case file = 102
            case link = 108
        }

        var name: [UInt8]
        var kind: Kind
        /// Permission bits.
        var mode: UInt32
        /// Modification time.
        var seconds: Int
        var nanoseconds: Int
        /// Whether the content names one of the origins.
        var namesOrigin: Bool
        var depth: Int
        /// Position after the last node below this one.
        var end: Int

        var time: timespec { timespec(tv_sec: seconds, tv_nsec: nanoseconds) }
    }

    var filesPath: String { "\(folder)/files" }

    /// Number of files, links and directories.
    package var count: Int { nodes.count }

    init(key: String, folder: String, roots: [RawPath], nodes: [Node], origins: [[UInt8]]) {
        self.key = key
        self.folder = folder
        self.roots = roots
        rootSet = Set(roots)
        aboveRoots = rootSet.directoriesAbove
        self.nodes = nodes
        self.origins = origins
    }

    /// Opens an existing template; nil if the path has no complete template.
    package convenience init?(at folder: String) {
        guard let bytes = FileSystem.read("\(folder)/\(TemplateList.name)"), let list = TemplateList(bytes) else {
            return nil
        }
        self.init(key: list.key, folder: folder, roots: list.roots, nodes: list.nodes, origins: list.origins)
    }

    /// Returns the positions of the nodes directly below a node; those of the top for nil.
    func children(of position: Int?) -> [Int] {
        var found: [Int] = []
        var next = position.map { $0 + 1 } ?? 0
        let end = position.map { nodes[$0].end } ?? nodes.count
        while next < end {
            found.append(next)
            next = nodes[next].end
        }
        return found
    }

    /// Whether a path is one that the template owns, or is below one.
    func owns(_ path: RawPath) -> Bool {
        if roots.isEmpty { return false }
        var path = path
        while !path.isEmpty {
            if rootSet.contains(path) { return true }
            path = path.parent
        }
        return false
    }

    /// Whether a path is a directory above one that the template owns.
    func leadsToOwned(_ path: RawPath) -> Bool { aboveRoots.contains(path) }

    /// Returns the position of a file or link.
    func find(_ path: RawPath) -> Int? {
        var next = 0
        var end = nodes.count
        let parts = path.split(separator: RawPath.slash)
        for (depth, part) in parts.enumerated() {
            while next < end, !nodes[next].name.elementsEqual(part) { next = nodes[next].end }
            guard next < end else { return nil }
            if depth == parts.count - 1 { return [.file, .link].contains(nodes[next].kind) ? next : nil }
            (next, end) = (next + 1, nodes[next].end)
        }
        return nil
    }

    /// Returns the contents of the template's files that are small enough to be a person's settings.
    package func settings(limit: Int) -> [(path: String, text: String)] {
        var found: [(path: String, text: String)] = []
        visit { path, node in
            guard node.kind == .file, let size = FileSystem.size("\(filesPath)/\(path.display)"), size <= limit,
                let bytes = FileSystem.read("\(filesPath)/\(path.display)"), let text = bytes.decoded
            else { return }
            found.append((path.display, text))
        }
        return found
    }

    private func visit(_ body: (RawPath, Node) -> Void) {
        var path: [[UInt8]] = []
        for node in nodes {
            path.removeLast(path.count - node.depth)
            path.append(node.name)
            body(Array(path.joined(separator: [RawPath.slash])), node)
        }
    }
}

/// The list of a template's files, as it is stored.
struct TemplateList {
    static let name = "list"
    private static let version = "orchestrate-template-1"

    var key: String
    var roots: [RawPath]
    var nodes: [SlotTemplate.Node]
    var origins: [[UInt8]]

    init(key: String, roots: [RawPath], nodes: [SlotTemplate.Node], origins: [[UInt8]]) {
        self.key = key
        self.roots = roots
        self.nodes = nodes
        self.origins = origins
    }

    /// Reads a list; nil for one that is not whole.
    init?(_ bytes: [UInt8]) {
        var fields = bytes.split(separator: 0, omittingEmptySubsequences: false)[...]
        guard fields.popFirst()?.elementsEqual(Self.version.utf8) == true, let key = fields.popFirst(),
            let origins = Self.list(&fields), let roots = Self.list(&fields),
            let count = fields.popFirst().flatMap({ Int(String(decoding: $0, as: UTF8.self)) }),
            fields.count == count + 1
        else { return nil }
        self.key = String(decoding: key, as: UTF8.self)
        (self.origins, self.roots, nodes) = (origins, roots, [])
        nodes.reserveCapacity(count)
        for field in fields.dropLast() {
            guard let node = Self.node(field) else { return nil }
            nodes.append(node)
        }
        SlotTemplate.Node.close(&nodes)
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ field: some Collection<UInt8>) {
            bytes += field
            bytes.append(0)
        }
        add(Array(Self.version.utf8))
        add(Array(key.utf8))
        for list in [origins, roots] {
            add(Array("\(list.count)".utf8))
            for field in list { add(field) }
        }
        add(Array("\(nodes.count)".utf8))
        for node in nodes {
            let numbers = [
                node.depth, Int(node.kind.rawValue), Int(node.mode), node.seconds, node.nanoseconds,
                node.namesOrigin ? 1 : 0,
            ]
            add(Array(numbers.map { "\($0)" }.joined(separator: " ").utf8) + [0x20] + node.name)
        }
        return bytes
    }

    private static func list(_ fields: inout ArraySlice<ArraySlice<UInt8>>) -> [[UInt8]]? {
        guard let count = fields.popFirst().flatMap({ Int(String(decoding: $0, as: UTF8.self)) }), count >= 0,
            fields.count >= count
        else { return nil }
        let found = fields.prefix(count).map { Array($0) }
        fields = fields.dropFirst(count)
        return found
    }

    private static func node(_ field: ArraySlice<UInt8>) -> SlotTemplate.Node? {
        let parts = field.split(separator: 0x20, maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7 else { return nil }
        let numbers = parts.prefix(6).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 6, let kind = SlotTemplate.Node.Kind(rawValue: UInt8(truncatingIfNeeded: numbers[1]))
        else { return nil }
        return SlotTemplate.Node(
            name: Array(parts[6]), kind: kind, mode: UInt32(truncatingIfNeeded: numbers[2]), seconds: numbers[3],
            nanoseconds: numbers[4], namesOrigin: numbers[5] == 1, depth: numbers[0], end: 0)
    }
}

extension SlotTemplate.Node {
    /// Fills in where each node's part of the list ends.
    static func close(_ nodes: inout [SlotTemplate.Node]) {
        var open: [Int] = []
        for index in nodes.indices {
            while let last = open.last, nodes[last].depth >= nodes[index].depth {
                nodes[last].end = index
                open.removeLast()
            }
            open.append(index)
        }
        for index in open { nodes[index].end = nodes.count }
    }
}
