import Model

/// What the passes for one stage work on. Files are indices into `graph.files`.
struct Draft {
    let graph: RepositoryGraph
    let stage: Stage
    /// How packages are found, by the name of the language.
    let packages: [String: PackageRule]
    let inScope: [Bool]
    /// The component of each file in the whole graph; a component comes after what it depends on.
    let wholeComponent: [Int]
    /// Files in each component of the whole graph.
    let wholeSize: [Int]
    /// The tasks of a stage of strategy `list`.
    let listed: [ListedTask]

    /// Cycles among the files in scope, and single files, each after what it depends on.
    var cycles: [[Int]] = []
    /// What has to stay in one task: a file, a cycle, or a part of a cycle that was cut.
    var pieces: [Piece] = []
    /// The piece of each file in scope, else -1.
    var pieceOf: [Int] = []
    /// For each piece, the pieces that it depends on, each once.
    var needs: [[Int]] = []
    /// Pieces in the order of work.
    var order: [Int] = []
    /// For each piece, the number of what it belongs to; pieces of different ones do not share a task.
    var belongsTo: [Int] = []
    /// One for each task, in an order in which each comes after what it needs.
    var groups: [Group] = []
    var ignoredEdges: [TaskList.IgnoredEdge] = []
    var cuts: [TaskList.CutCycle] = []

    struct Piece {
        var files: [Int]
        /// Files of the cycle it is, or was cut from; 1 for none.
        var cycle: Int
    }

    /// A task before it has a name.
    struct Group {
        /// Those that the base has, ascending.
        var files: [Int] = []
        /// All of them, sorted.
        var paths: [String] = []
        var pieces: [Int] = []
        /// Groups of the same stage that it depends on, ascending.
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
