import Model

extension Draft {
    /// Resolves the globs and paths of each listed task.
    ///
    /// An entry that equals a path of the base means that file, even if it has glob characters. Any other entry without
    /// glob characters is a new file that the task makes. All other entries are globs over the files in scope.
    mutating func findListedFiles() throws(DecompositionError) {
        if let fault = assignListedFiles().first { throw fault.error }
    }

    /// Gives each listed task its files.
    ///
    /// - Parameter withSizes: whether to find the size of the cycles that the files are in.
    /// - Returns: everything that is wrong with the list; the stage is not filled in.
    mutating func assignListedFiles(withSizes: Bool = true) -> [DecompositionFault] {
        var faults: [DecompositionFault] = []
        var owners: [String: [Owner]] = [:]
        for (number, task) in listed.enumerated() {
            var group = Group()
            group.listed = task
            var isRefused = false
            for (entry, text) in task.files.enumerated() {
                do throws(DecompositionError) {
                    let found = try paths(of: text, number)
                    assign(found, to: Owner(task: number, entry: entry), &owners, &group)
                } catch {
                    isRefused = true
                    faults.append(DecompositionFault(error: error, task: number, entry: entry))
                }
            }
            if group.paths.isEmpty, !isRefused {
                faults.append(DecompositionFault(error: .noFiles(name(of: number), stage: stage.name), task: number))
            }
            group.files.sort()
            group.paths.sort()
            if withSizes { group.cycle = group.files.map { wholeSize[wholeComponent[$0]] }.max() ?? 1 }
            groups.append(group)
        }
        return (faults + unorderedFaults(owners)).sorted {
            ($0.task ?? 0, $0.entry ?? 0) < ($1.task ?? 0, $1.entry ?? 0)
        }
    }

    /// A task that has a file, and the entry of its list that says so.
    private struct Owner {
        var task: Int
        var entry: Int
    }

    private func assign(
        _ paths: [String], to owner: Owner, _ owners: inout [String: [Owner]], _ group: inout Group
    ) {
        for path in paths where owners[path]?.contains(where: { $0.task == owner.task }) != true {
            owners[path, default: []].append(owner)
            if let index = graph.index(of: path) { group.files.append(Int(index)) }
            group.paths.append(path)
        }
    }

    /// Tasks with a file in common must be ordered: `depends_on` puts one of any two after the other.
    private func unorderedFaults(_ owners: [String: [Owner]]) -> [DecompositionFault] {
        let shared = owners.filter { $0.value.count > 1 }
        guard !shared.isEmpty else { return [] }
        var place: [String: Int] = [:]
        for (number, task) in listed.enumerated() { if let id = task.id { place[id] = number } }
        let edges = listed.enumerated().flatMap { number, task in
            task.dependsOn.compactMap { place[$0] }.map { (from: number, to: $0) }
        }
        let adjacency = Adjacency(count: listed.count, edges: edges)
        var needs: [Int: Set<Int>] = [:]
        for task in Set(shared.values.joined().map(\.task)) where needs[task] == nil {
            let distances = adjacency.distances(from: [task])
            needs[task] = Set(distances.indices.filter { distances[$0] != nil && $0 != task })
        }
        var faults: [DecompositionFault] = []
        for path in shared.keys.sorted() {
            // In a chain, each task needs all of those before it, and so more of them than the one before it.
            let chain = (shared[path] ?? []).sorted { a, b in
                (needs[a.task]?.count ?? 0, a.task) < (needs[b.task]?.count ?? 0, b.task)
            }
            for (first, second) in zip(chain, chain.dropFirst()) where needs[second.task]?.contains(first.task) != true
            {
                let (one, other) = first.task < second.task ? (first, second) : (second, first)
                faults.append(
                    DecompositionFault(
                        error: .fileInTwoTasks(path, name(of: one.task), name(of: other.task), stage: stage.name),
                        task: other.task, entry: other.entry))
            }
        }
        return faults
    }

    private func paths(of entry: String, _ number: Int) throws(DecompositionError) -> [String] {
        if graph.index(of: entry) != nil { return [entry] }
        let glob: Glob
        do throws(GlobError) { glob = try Glob(entry) } catch {
            throw DecompositionError.glob(error, stage: stage.name)
        }
        if !entry.utf8.contains(where: Self.isSpecial) {
            // A folder cannot become a file; `Glob` has refused the empty path, `..` and a leading slash.
            guard !entry.hasSuffix("/") else { return try matches(of: glob, number) }
            guard !entry.utf8.contains(0), entry.utf8.count <= Self.longestPath else {
                throw DecompositionError.notAPath(entry, name(of: number), stage: stage.name)
            }
            return [entry]
        }
        return try matches(of: glob, number)
    }

    private func matches(of glob: Glob, _ number: Int) throws(DecompositionError) -> [String] {
        let found = graph.files.indices.filter { inScope[$0] && glob.matches(graph.files[$0].path) }
        guard !found.isEmpty else {
            throw DecompositionError.nothingMatches(glob.pattern, name(of: number), stage: stage.name)
        }
        return found.map { graph.files[$0].path }
    }

    /// PATH_MAX of Linux.
    private static let longestPath = 4096

    /// Characters with a meaning in a glob.
    private static func isSpecial(_ byte: UInt8) -> Bool { "*?[{\\".utf8.contains(byte) }

    private func name(of number: Int) -> ListedName { ListedName(number: number + 1, id: listed[number].id) }

    /// Orders the tasks of a list: each after its dependencies, otherwise as listed.
    mutating func orderListedTasks() throws(DecompositionError) {
        let adjacency = Adjacency(count: listed.count, edges: try listedDependencies())
        let condensation = Condensation(adjacency)
        if let cycle = condensation.components.first(where: {
            $0.count > 1 || adjacency.targets(of: $0[0]).contains($0[0])
        }
        ) {
            throw DecompositionError.cycle(round(of: cycle, adjacency).map(name(of:)), stage: stage.name)
        }
        var open = listed.indices.map { adjacency.targets(of: $0).count }
        let wantedBy = adjacency.reversed
        var free = SmallestFirst()
        for task in listed.indices where open[task] == 0 { free.insert(task) }
        var place = [Int](repeating: 0, count: listed.count)
        var ordered: [Group] = []
        while let task = free.removeFirst() {
            place[task] = ordered.count
            var group = groups[task]
            group.needs = adjacency.targets(of: task).map { place[$0] }.sorted()
            ordered.append(group)
            for other in wantedBy.targets(of: task) {
                open[other] -= 1
                if open[other] == 0 { free.insert(other) }
            }
        }
        groups = ordered
    }

    private func listedDependencies() throws(DecompositionError) -> [(from: Int, to: Int)] {
        var place: [String: Int] = [:]
        for (number, task) in listed.enumerated() {
            guard let id = task.id else { continue }
            if place.updateValue(number, forKey: id) != nil { throw DecompositionError.sameID(id, stage: stage.name) }
        }
        var edges: [(from: Int, to: Int)] = []
        for (number, task) in listed.enumerated() {
            for dependency in Set(task.dependsOn).sorted() {
                guard let other = place[dependency] else {
                    throw DecompositionError.unknownDependency(dependency, of: name(of: number), stage: stage.name)
                }
                edges.append((from: number, to: other))
            }
        }
        return edges
    }

    /// Finds a short cycle inside a component, so that the message names few tasks.
    private func round(of component: [Int], _ adjacency: Adjacency) -> [Int] {
        let start = component[0]
        let ways = adjacency.targets(of: start).compactMap { adjacency.shortestPath(from: $0, to: start) }
        guard let shortest = ways.min(by: { $0.count < $1.count }) else { return component }
        return [start] + shortest.dropLast()
    }
}

/// A binary heap of numbers, smallest first.
struct SmallestFirst {
    private var heap: [Int] = []

    mutating func insert(_ number: Int) {
        heap.append(number)
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> Int? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[smallest] {
                smallest = child
            }
            if smallest == parent { return first }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
