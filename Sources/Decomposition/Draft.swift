import Model

/// The state that the passes for one stage share. Files are indices into `graph.files`.
struct Draft {
    let graph: RepositoryGraph
    let stage: Stage
    /// How packages are found, by the name of the language.
    let packages: [String: PackageRule]
    let inScope: [Bool]
    /// The component of each file in the whole graph. A component comes after its dependencies.
    let wholeComponent: [Int]
    /// Files in each component of the whole graph.
    let wholeSize: [Int]
    /// The tasks of a stage of strategy `list`.
    let listed: [ListedTask]

    /// Cycles among the files in scope, and single files, each after its dependencies.
    var cycles: [[Int]] = []
    /// Sets of files that stay in one task: a file, a cycle, or a part of a cycle that was cut.
    var pieces: [Piece] = []
    /// The piece of each file in scope; -1 for other files.
    var pieceOf: [Int] = []
    /// For each piece, its dependencies, each once.
    var needs: [[Int]] = []
    /// Pieces in the order of work.
    var order: [Int] = []
    /// For each piece, the number of its directory, package or cluster. Pieces with different numbers do not share a
    /// task.
    var belongsTo: [Int] = []
    /// One group per task, each after its dependencies.
    var groups: [Group] = []
    var ignoredEdges: [TaskList.IgnoredEdge] = []
    var cuts: [TaskList.CutCycle] = []

    struct Piece {
        var files: [Int]
        /// The number of files in its cycle before cutting; 1 without a cycle.
        var cycle: Int
    }

    /// A task before it has a name.
    struct Group {
        /// Existing files, ascending.
        var files: [Int] = []
        /// All paths, sorted, including files that do not exist yet.
        var paths: [String] = []
        var pieces: [Int] = []
        /// The groups of the same stage that it depends on, ascending.
        var needs: [Int] = []
        var cycle = 1
        var listed: ListedTask?
    }

    init(
        graph: RepositoryGraph, stage: Stage, packages: [String: PackageRule], inScope: [Bool], whole: [Int],
        listed: [ListedTask]
    ) {
        self.graph = graph
        self.stage = stage
        self.packages = packages
        self.inScope = inScope
        self.listed = listed
        wholeComponent = whole
        var sizes = [Int](repeating: 0, count: (whole.max() ?? -1) + 1)
        for component in whole { sizes[component] += 1 }
        wholeSize = sizes
    }

    var rules: DecomposeRules { stage.decompose }

    func directory(of file: Int) -> Substring {
        let path = graph.files[file].path
        return path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    }
}
