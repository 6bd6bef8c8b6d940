extension PathTree {
    /// Builds the tree path by path. The paths are sorted, so the open directories form a stack.
    struct Builder {
        var parents: [Node] = [0]
        var nameStarts: [UInt32] = [0, 0]
        var names: [UInt8] = []
        var files: [Int32] = [-1]
        var nodes: [Node] = []
        var slots: [Node]
        private var open: [(node: Node, start: Int, end: Int)] = []
        private var last: [UInt8] = []

        init(capacity: Int) {
            var size = 64
            while size < capacity * 3 { size *= 2 }
            slots = [Node](repeating: 0, count: size)
            nodes.reserveCapacity(capacity)
        }

        mutating func add(_ path: String, file: Int32) {
            var path = path
            path.withUTF8 { bytes in
                // Directories shared with the previous path stay open.
                var kept = 0
                while kept < open.count, open[kept].end < bytes.count, bytes[open[kept].end] == UInt8(ascii: "/"),
                    last[open[kept].start..<open[kept].end].elementsEqual(bytes[open[kept].start..<open[kept].end])
                {
                    kept += 1
                }
                open.removeLast(open.count - kept)
                var node = open.last?.node ?? PathTree.root
                var start = open.last.map { $0.end + 1 } ?? 0
                for index in start..<max(start, bytes.count) where bytes[index] == UInt8(ascii: "/") {
                    // Swift sorts by Unicode rules, so a directory may be reopened.
                    let part = Source.Bytes(rebasing: bytes[start..<index])
                    node = find(node, part) ?? insert(node, part, file: -1)
                    open.append((node, start, index))
                    start = index + 1
                }
                nodes.append(insert(node, Source.Bytes(rebasing: bytes[min(start, bytes.count)...]), file: file))
                last.removeAll(keepingCapacity: true)
                last.append(contentsOf: bytes)
            }
        }

        private func hash(_ parent: Node, _ name: Source.Bytes) -> Int {
            var hash = PathTree.start(parent)
            for byte in name { hash = PathTree.step(hash, byte) }
            return Int(PathTree.finish(hash)) & (slots.count - 1)
        }

        private func find(_ parent: Node, _ name: Source.Bytes) -> Node? {
            var slot = hash(parent, name)
            while slots[slot] != 0 {
                let node = Int(slots[slot])
                if parents[node] == parent, files[node] < 0,
                    names[Int(nameStarts[node])..<Int(nameStarts[node + 1])].elementsEqual(name)
                {
                    return slots[slot]
                }
                slot = (slot + 1) & (slots.count - 1)
            }
            return nil
        }

        private mutating func insert(_ parent: Node, _ name: Source.Bytes, file: Int32) -> Node {
            if parents.count * 2 > slots.count { grow() }
            let node = Node(parents.count)
            parents.append(parent)
            files.append(file)
            names.append(contentsOf: name)
            nameStarts.append(UInt32(names.count))
            place(node, name)
            return node
        }

        private mutating func place(_ node: Node, _ name: Source.Bytes) {
            var slot = hash(parents[Int(node)], name)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = node
        }

        private mutating func grow() {
            slots = [Node](repeating: 0, count: slots.count * 2)
            let names = names
            for node in 1..<max(1, parents.count) {
                let range = Int(nameStarts[node])..<Int(nameStarts[node + 1])
                names.withUnsafeBufferPointer { place(Node(node), Source.Bytes(rebasing: $0[range])) }
            }
        }

        func siblings() -> (first: [Node], next: [Node]) {
            var first = [Node](repeating: 0, count: parents.count)
            var next = [Node](repeating: 0, count: parents.count)
            for node in stride(from: parents.count - 1, to: 0, by: -1) {
                next[node] = first[Int(parents[node])]
                first[Int(parents[node])] = Node(node)
            }
            return (first, next)
        }

        func namesOfFiles() -> [(hash: UInt32, node: Node)] {
            var list = names.withUnsafeBufferPointer { names in
                nodes.map { node in
                    let range = Int(nameStarts[Int(node)])..<Int(nameStarts[Int(node) + 1])
                    return (
                        hash: UInt32(truncatingIfNeeded: hashBytes(Source.Bytes(rebasing: names[range]))), node: node
                    )
                }
            }
            list.sort { ($0.hash, $0.node) < ($1.hash, $1.node) }
            return list
        }
    }
}
