import Model

/// What test frameworks load by convention, which no import shows.
struct TestFrameworks {
    private let graph: RepositoryGraph
    /// Whether a framework runs tests of the file. Other files in tests are helpers, fixtures or configuration.
    private let runs: [Bool]

    init(_ graph: RepositoryGraph) {
        self.graph = graph
        runs = graph.files.map { $0.traits.contains(.test) && Self.isRun($0) }
    }

    private static func name(of path: String) -> Substring {
        path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    }

    private static func folder(of path: Substring) -> Substring? {
        path.isEmpty ? nil : path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    }

    private static func isRun(_ file: RepositoryGraph.File) -> Bool {
        let name = name(of: file.path)
        switch file.language {
        case "python":
            // The patterns of unittest and pytest.
            let stem = name.prefix { $0 != "." }
            return stem.hasPrefix("test") || stem.hasSuffix("_test") || stem.hasSuffix("_tests")
        case "go":
            return name.hasSuffix("_test.go") && name != "export_test.go"
        default:
            return true
        }
    }

    /// The graph with an edge from each test to the files that its framework loads with it: `conftest.py` in its
    /// directory and above, and the `TestMain` of its Go package.
    /// - Returns: nil if the repository has no such files.
    func linked(_ graph: RepositoryGraph) -> RepositoryGraph? {
        var loaded: [Substring: [Int32]] = [:]
        for (place, file) in graph.files.enumerated() {
            let name = Self.name(of: file.path)
            guard name == "conftest.py" || name == "main_test.go" else { continue }
            loaded[Self.folder(of: file.path[...]) ?? "", default: []].append(Int32(place))
        }
        guard !loaded.isEmpty else { return nil }
        var edges = graph.edges
        for place in graph.files.indices where runs[place] || Self.name(of: graph.files[place].path) == "conftest.py" {
            let isPython = graph.files[place].language == "python"
            guard isPython || graph.files[place].language == "go" else { continue }
            var next = Self.folder(of: graph.files[place].path[...])
            while let folder = next {
                for target in loaded[folder] ?? []
                where Int(target) != place && graph.files[Int(target)].language == graph.files[place].language {
                    edges.append(.init(from: Int32(place), to: target, kind: .weak, line: 1))
                }
                next = isPython ? Self.folder(of: folder) : nil
            }
        }
        return RepositoryGraph(files: graph.files, edges: edges)
    }

    /// The tests among the files that reach a task. If a framework would run none of them, the tests of the task's
    /// package: those below the nearest directory around its files that has any.
    /// - Parameter most: the largest number of tests.
    func runnable(_ found: [Int], for files: [Int], _ most: Int) -> [Int] {
        let chosen = found.filter { runs[$0] }
        guard chosen.isEmpty, !found.isEmpty else { return chosen }
        let languages = Set(found.map { graph.files[$0].language })
        var package: [Int] = []
        for file in files.isEmpty ? found : files {
            var next = Self.folder(of: graph.files[file].path[...])
            while let folder = next {
                let tests = tests(below: folder, languages)
                if !tests.isEmpty {
                    package += tests
                    break
                }
                next = Self.folder(of: folder)
            }
        }
        return Array(Set(package).sorted().prefix(most))
    }

    private func tests(below folder: Substring, _ languages: Set<String?>) -> [Int] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        return graph.files.indices.filter {
            runs[$0] && languages.contains(graph.files[$0].language) && graph.files[$0].path.hasPrefix(prefix)
        }
    }
}
