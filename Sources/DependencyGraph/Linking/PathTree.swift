package import Model

/// All paths of the commit as a tree. A step from name to name compares hashes instead of strings.
package final class PathTree: Sendable {
    /// A directory or a file; 0 is the root.
    package typealias Node = Int32
    package static let root: Node = 0

    private let parents: [Node]
    private let nameStarts: [UInt32]
    private let names: [UInt8]
    /// File index, or -1 for a directory.
    private let files: [Int32]
    private let nodes: [Node]
    /// Open addressing over node numbers; 0 (the root is nobody's child) is a free slot.
    private let slots: [Node]
    /// First child and next sibling of each node, in path order; 0 ends the list.
    private let firstChild: [Node]
    private let nextSibling: [Node]
    /// Nodes of files sorted by hash of their name, for `files(named:)`.
    private let byName: [(hash: UInt32, node: Node)]

    /// - Parameter paths: all files of the commit, sorted.
    init(paths: [String]) {
        var builder = Builder(capacity: paths.count)
        for (index, path) in paths.enumerated() { builder.add(path, file: Int32(index)) }
        parents = builder.parents
        nameStarts = builder.nameStarts
        names = builder.names
        files = builder.files
        nodes = builder.nodes
        slots = builder.slots
        (firstChild, nextSibling) = builder.siblings()
        byName = builder.namesOfFiles()
    }

    package func node(of file: RepositoryGraph.FileIndex) -> Node { nodes[Int(file)] }

    package func parent(_ node: Node) -> Node { parents[Int(node)] }

    /// The file at a node, or nil for a directory.
    package func file(at node: Node) -> RepositoryGraph.FileIndex? {
        let file = files[Int(node)]
        return file < 0 ? nil : file
    }

    package func isDirectory(_ node: Node) -> Bool { files[Int(node)] < 0 }

    package var nodeCount: Int { parents.count }

    /// Passes the last part of a node's path to `body`; empty for the root. Valid inside `body` only.
    package func withName<R>(of node: Node, _ body: (Source.Bytes) -> R) -> R {
        let start = Int(nameStarts[Int(node)])
        let end = Int(nameStarts[Int(node) + 1])
        return names.withUnsafeBufferPointer { body(Source.Bytes(rebasing: $0[start..<end])) }
    }

    package func name(of node: Node) -> String { withName(of: node) { String(decoding: $0, as: UTF8.self) } }

    /// The whole path of a node, empty for the root.
    package func path(of node: Node) -> String {
        var parts: [String] = []
        var node = node
        while node != Self.root {
            parts.append(name(of: node))
            node = parent(node)
        }
        return parts.reversed().joined(separator: "/")
    }

    /// The number of steps from the root; 0 for the root itself.
    package func depth(_ node: Node) -> Int {
        var depth = 0
        var node = node
        while node != Self.root {
            depth += 1
            node = parent(node)
        }
        return depth
    }

    /// The children of a directory in path order.
    package func children(of node: Node) -> some Sequence<Node> {
        sequence(first: firstChild[Int(node)]) { [nextSibling] in nextSibling[Int($0)] }.prefix { $0 != Self.root }
    }

    /// The child with this name and suffix: `child(of: d, "os", ".py")`.
    package func child(of node: Node, _ name: Source.Bytes, _ suffix: StaticString = "") -> Node? {
        var hash = Self.start(node)
        for byte in name { hash = Self.step(hash, byte) }
        for index in 0..<suffix.utf8CodeUnitCount { hash = Self.step(hash, suffix.utf8Start[index]) }
        let mask = slots.count - 1
        var slot = Int(Self.finish(hash)) & mask
        while slots[slot] != 0 {
            let found = slots[slot]
            if parents[Int(found)] == node, isNamed(found, name, suffix: suffix) { return found }
            slot = (slot + 1) & mask
        }
        return nil
    }

    package func child(of node: Node, _ name: StaticString) -> Node? {
        child(of: node, Source.Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    package func child(of node: Node, _ name: String) -> Node? {
        var name = name
        return name.withUTF8 { child(of: node, $0) }
    }

    /// Follows a relative path with `/`, `.` and `..` from a directory. `suffix` is added to its last part.
    /// - Returns: nil where a part does not exist or `..` would leave the repository.
    package func descend(from node: Node, _ path: Source.Bytes, _ suffix: StaticString = "") -> Node? {
        var node = node
        var start = 0
        while start <= path.count {
            var end = start
            while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
            let isLast = end == path.count
            let part = Source.Bytes(rebasing: path[start..<end])
            let plain = isLast ? suffix.utf8CodeUnitCount == 0 : true
            if part.isEmpty && plain || part.count == 1 && part[0] == UInt8(ascii: ".") && plain {
                // Stays where it is.
            } else if part.count == 2, part[0] == UInt8(ascii: "."), part[1] == UInt8(ascii: "."), plain {
                guard node != Self.root else { return nil }
                node = parents[Int(node)]
            } else {
                guard let next = child(of: node, part, isLast ? suffix : "") else { return nil }
                node = next
            }
            start = end + 1
        }
        return node
    }

    package func descend(from node: Node, _ path: String, _ suffix: StaticString = "") -> Node? {
        var path = path
        return path.withUTF8 { descend(from: node, $0, suffix) }
    }

    /// All files with this last part, in path order.
    package func files(named name: Source.Bytes) -> [RepositoryGraph.FileIndex] {
        let hash = UInt32(truncatingIfNeeded: hashBytes(name))
        var low = 0
        var high = byName.count
        while low < high {
            let middle = (low + high) / 2
            if byName[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        var found: [RepositoryGraph.FileIndex] = []
        while low < byName.count, byName[low].hash == hash {
            if isNamed(byName[low].node, name, suffix: "") { found.append(files[Int(byName[low].node)]) }
            low += 1
        }
        return found
    }

    private func isNamed(_ node: Node, _ name: Source.Bytes, suffix: StaticString) -> Bool {
        let start = Int(nameStarts[Int(node)])
        let end = Int(nameStarts[Int(node) + 1])
        guard end - start == name.count + suffix.utf8CodeUnitCount else { return false }
        for index in 0..<name.count where names[start + index] != name[index] { return false }
        for index in 0..<suffix.utf8CodeUnitCount where names[start + name.count + index] != suffix.utf8Start[index] {
            return false
        }
        return true
    }

    // FNV-1a, because it takes a name and its suffix byte by byte.
    @inline(__always)
    static func start(_ parent: Node) -> UInt64 {
        (0xCBF2_9CE4_8422_2325 ^ UInt64(UInt32(bitPattern: parent))) &* 0x0000_0100_0000_01B3
    }

    @inline(__always)
    static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    @inline(__always)
    static func finish(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash ^ (hash >> 32)) }
}
