/// A file before and after its migration.
struct SampleFile {
    private enum Segment {
        case same(String)
        case change(old: [String], new: [String])
    }

    private let language: SampleLanguage
    private var segments: [Segment] = []
    /// Positions of the segments by what they are.
    private var sites: [Int] = []
    private var others: [Int: String] = [:]
    private var comments: [Int] = []
    private var conditions: [Int] = []
    private var constants: [Int] = []
    private var statements: [Int] = []

    init(_ migration: Migration, _ random: inout SampleGenerator) {
        language = migration.language
        let (old, new) = (migration.oldImports(&random), migration.newImports)
        segments.append(.same("\(language.comment) \(SampleNames.words(&random))"))
        if !old.isEmpty || !new.isEmpty { segments.append(.change(old: old, new: new)) }
        for _ in 0..<Int.random(in: 1...5, using: &random) { addPart(migration, &random) }
    }

    private mutating func addPart(_ migration: Migration, _ random: inout SampleGenerator) {
        statements.append(segments.count)
        segments.append(.same("    \(SampleNames.function(&random))(\(SampleNames.variable(&random)))\(language.end)"))
        comments.append(segments.count)
        segments.append(.same("    \(language.comment) \(SampleNames.words(&random))"))
        let site = migration.site(&random)
        let trail =
            Int.random(in: 0..<5, using: &random) == 0 ? "  \(language.comment) \(SampleNames.words(&random))" : ""
        sites.append(segments.count)
        others[segments.count] = site.other + trail
        segments.append(.change(old: [site.old + trail], new: [site.new + trail]))
        conditions.append(segments.count)
        segments.append(
            .same(language.condition("\(SampleNames.variable(&random)) == \(SampleNames.variable(&random))")))
        constants.append(segments.count)
        let number = Int.random(in: 2...900, using: &random)
        segments.append(.same("        \(SampleNames.variable(&random)) = \(number)\(language.end)"))
    }

    mutating func plant(_ odd: SampleRun.Odd, _ random: inout SampleGenerator) {
        switch odd {
        case .secondAttempt: break
        case .invertedCondition: edit(conditions, &random) { [$0.replacing("==", with: "!=")] }
        case .extraDeletion: edit(statements, &random) { _ in [] }
        case .removedComment: edit(comments, &random) { _ in [] }
        case .changedConstant: edit(constants, &random) { [$0.replacing(" = ", with: " = 1")] }
        case .otherAPI:
            let site = sites[Int.random(in: sites.indices, using: &random)]
            guard case .change(let old, _) = segments[site] else { return }
            segments[site] = .change(old: old, new: [others[site] ?? ""])
        case .swallowedException:
            let site = sites[Int.random(in: sites.indices, using: &random)]
            guard case .change(let old, let new) = segments[site] else { return }
            segments[site] = .change(old: old, new: language.swallowing(new))
        }
    }

    private mutating func edit(
        _ places: [Int], _ random: inout SampleGenerator, _ change: (String) -> [String]
    ) {
        let place = places[Int.random(in: places.indices, using: &random)]
        guard case .same(let line) = segments[place] else { return }
        segments[place] = .change(old: [line], new: change(line))
    }

    /// The difference as Git prints it.
    func diff(path: String) -> String {
        var hunk = HunkText()
        for segment in segments {
            switch segment {
            case .same(let line): hunk.keep(line)
            case .change(let before, let after): hunk.change(before, to: after)
            }
        }
        return hunk.diff(path: path, head: ["index 1111111..2222222 100644"])
    }
}
