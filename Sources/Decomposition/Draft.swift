import Model

/// What the passes work on. Files are indices into `graph.files`.
struct Draft {
    let graph: RepositoryGraph
    let rules: DecomposeRules
    let inScope: [Bool]

    /// The component of each file in the whole graph; a component comes after what it depends on.
    var wholeComponent: [Int] = []
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
    /// Pieces of each task, in the order of work.
    var groups: [[Int]] = []
    var list = TaskList()

    struct Piece {
        var files: [Int]
        /// Files of the cycle it is, or was cut from; 1 for none.
        var cycle: Int
    }

    init(graph: RepositoryGraph, rules: DecomposeRules, inScope: [Bool]) {
        self.graph = graph
        self.rules = rules
        self.inScope = inScope
    }

    func lines(of files: [Int]) -> Int { files.reduce(0) { $0 + graph.files[$1].lines } }

    func directory(of file: Int) -> Substring {
        let path = graph.files[file].path
        return path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    }
}
