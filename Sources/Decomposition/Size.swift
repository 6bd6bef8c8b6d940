import Model

/// The size of a set of files, in the units of a plan's limits.
struct Size {
    var files = 0
    var lines = 0
    var tokens = 0

    /// Bytes of source text per token: a rule of thumb for English (OpenAI, What are tokens and how to count them).
    /// Code has slightly fewer bytes per token.
    static let bytesPerToken = 4

    init() {}

    init(_ file: RepositoryGraph.File) {
        files = 1
        lines = file.lines
        tokens = (file.bytes + Self.bytesPerToken - 1) / Self.bytesPerToken
    }

    static func + (a: Size, b: Size) -> Size {
        var sum = a
        sum += b
        return sum
    }

    static func += (a: inout Size, b: Size) {
        a.files += b.files
        a.lines += b.lines
        a.tokens += b.tokens
    }

    static func -= (a: inout Size, b: Size) {
        a.files -= b.files
        a.lines -= b.lines
        a.tokens -= b.tokens
    }

    /// Whether the size is within the plan's limits.
    /// - Parameter files: the largest allowed number of files.
    func fits(_ rules: DecomposeRules, files: Int) -> Bool {
        self.files <= files && lines <= rules.maxLines ?? .max && tokens <= rules.maxTokens ?? .max
    }
}

extension Draft {
    func size(of files: some Sequence<Int>) -> Size { files.reduce(into: Size()) { $0 += Size(graph.files[$1]) } }
}
