/// The files of one commit and the dependencies between them.
///
/// Files are sorted by path and edges by `(from, to)`, so equal repositories give equal graphs.
package struct RepositoryGraph: Sendable, Equatable {
    package typealias FileIndex = Int32

    /// One file of the commit.
    package struct File: Sendable, Equatable {
        /// Path from the repository's root, with `/` between its parts.
        package var path: String
        /// Name of the scanning language (`python`, `c`, …), or nil for a file that no scanner reads.
        package var language: String?
        /// Number of lines, including a last line without a newline.
        package var lines: Int
        package var bytes: Int
        package var traits: Traits

        package init(path: String, language: String?, lines: Int, bytes: Int, traits: Traits = []) {
            self.path = path
            self.language = language
            self.lines = lines
            self.bytes = bytes
            self.traits = traits
        }
    }

    /// What is known of a file beyond its language.
    package struct Traits: OptionSet, Sendable, Equatable, Hashable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let test = Traits(rawValue: 1 << 0)
        package static let generated = Traits(rawValue: 1 << 1)
        package static let vendored = Traits(rawValue: 1 << 2)
        package static let binary = Traits(rawValue: 1 << 3)
        package static let symbolicLink = Traits(rawValue: 1 << 4)
        package static let submodule = Traits(rawValue: 1 << 5)

        /// Traits of an entry without contents of its own. No task can change it.
        package static let noFile: Traits = [.symbolicLink, .submodule]
    }

    /// Why one file depends on another.
    ///
    /// The cases are ordered by strength. Of several causes of one edge the strongest is kept, and a cycle is split at
    /// its weakest edges.
    package enum EdgeKind: UInt8, Sendable, Codable, CaseIterable, Comparable {
        case weak
        case typeOnly
        case name
        case reexport
        case `import`

        package static func < (a: EdgeKind, b: EdgeKind) -> Bool { a.rawValue < b.rawValue }

        package var word: String {
            switch self {
            case .weak: "weak"
            case .typeOnly: "type-only"
            case .name: "name"
            case .reexport: "re-export"
            case .import: "import"
            }
        }
    }

    /// `from` depends on `to`.
    package struct Edge: Sendable, Equatable {
        package var from: FileIndex
        package var to: FileIndex
        package var kind: EdgeKind
        /// Line in `from`, counted from 1, of the first reference that causes the edge; 0 if the plan added it.
        package var line: Int32
        /// How many references in `from` cause the edge.
        package var references: Int32

        package init(from: FileIndex, to: FileIndex, kind: EdgeKind, line: Int32, references: Int32 = 1) {
            self.from = from
            self.to = to
            self.kind = kind
            self.line = line
            self.references = references
        }
    }

    package private(set) var files: [File]
    package private(set) var edges: [Edge]
    /// `edges[starts[i]..<starts[i + 1]]` are the edges from file `i`.
    private var starts: [Int]

    /// - Parameters:
    ///   - files: in any order, each path once.
    ///   - edges: indices into `files` as given. Several edges between two files become one, with the strongest kind,
    ///     the smallest line and the sum of the references. An edge from a file to itself is dropped.
    package init(files: [File], edges: [Edge]) {
        var place = Array(0..<FileIndex(files.count))
        if let order = Self.order(files) {
            for (new, old) in order.enumerated() { place[old] = FileIndex(new) }
            self.files = order.map { files[$0] }
        } else {
            self.files = files
        }

        // A counting sort by `from` leaves only the few edges of each file to sort.
        var starts = [Int](repeating: 0, count: files.count + 1)
        for edge in edges where edge.from != edge.to { starts[Int(place[Int(edge.from)]) + 1] += 1 }
        for index in files.indices { starts[index + 1] += starts[index] }
        var next = starts
        var moved = [Edge](repeating: Edge(from: 0, to: 0, kind: .weak, line: 0), count: starts[files.count])
        for var edge in edges where edge.from != edge.to {
            edge.from = place[Int(edge.from)]
            edge.to = place[Int(edge.to)]
            moved[next[Int(edge.from)]] = edge
            next[Int(edge.from)] += 1
        }
        moved.withUnsafeMutableBufferPointer { moved in
            for file in files.indices where starts[file + 1] - starts[file] > 1 {
                var part = UnsafeMutableBufferPointer(rebasing: moved[starts[file]..<starts[file + 1]])
                part.sort { $0.to < $1.to }
            }
        }
        var merged: [Edge] = []
        merged.reserveCapacity(moved.count)
        self.starts = [0]
        self.starts.reserveCapacity(files.count + 1)
        for file in files.indices {
            for edge in moved[starts[file]..<starts[file + 1]] {
                if let last = merged.last, last.from == edge.from, last.to == edge.to {
                    merged[merged.count - 1].kind = max(last.kind, edge.kind)
                    merged[merged.count - 1].line = min(last.line, edge.line)
                    merged[merged.count - 1].references += edge.references
                } else {
                    merged.append(edge)
                }
            }
            self.starts.append(merged.count)
        }
        self.edges = merged
    }

    /// Returns the positions of the files in path order; nil if they are in that order, as most callers pass them.
    private static func order(_ files: [File]) -> [Int]? {
        for index in files.indices.dropFirst() where files[index].path < files[index - 1].path {
            return files.indices.sorted { files[$0].path < files[$1].path }
        }
        return nil
    }

    /// Returns the edges from a file, sorted by target.
    package func edges(from file: FileIndex) -> ArraySlice<Edge> {
        edges[starts[Int(file)]..<starts[Int(file) + 1]]
    }

    /// Returns the index of a path, or nil if the commit has no such file.
    package func index(of path: String) -> FileIndex? {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path < path { low = middle + 1 } else { high = middle }
        }
        return low < files.count && files[low].path == path ? FileIndex(low) : nil
    }
}
