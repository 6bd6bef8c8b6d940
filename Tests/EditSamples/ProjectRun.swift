package import Review

/// Random commits of a run over whole files: each file needs some of a migration's edits, and a few workers do more than
/// that.
package struct ProjectRun: Sendable {
    /// What was planted.
    package enum Odd: String, CaseIterable, Sendable {
        case swappedArguments
        case offByOne
        case otherOperator
        case removedAwait
        case removedNullCheck
        case changedDefault
        case droppedLog
        case otherException
        case extraImport
        case otherFunction
        case weakenedTest
        case fileMode
        case whiteSpace
        case deletedComment
        case silenced
        /// One place of the migration is changed in another way: another API, names that are swapped, a wrong constant.
        case wrongSite
    }

    package private(set) var commits: [EditedCommit] = []
    package private(set) var diffs: [String] = []
    /// Positions of the odd ones.
    package private(set) var planted: [Int: Odd] = [:]

    /// - Parameter odd: how many odd commits there are.
    package init(seed: UInt64, language: ProjectLanguage, tasks: Int = 300, odd: Int = 7) {
        let number = ProjectLanguage.allCases.firstIndex(of: language) ?? 0
        var random = SampleGenerator(seed: seed &* 8 &+ UInt64(number))
        let migration = ProjectMigration.of(language)
        let kinds = Odd.allCases.shuffled(using: &random)
        let places = (0..<tasks).shuffled(using: &random)
        var next = 0
        var wanted = kinds[...]
        var odds: [Int: String] = [:]
        // A kind that a language does not have is passed over.
        while planted.count < odd, let kind = wanted.popFirst() {
            let place = places[next]
            for _ in 0..<20 {
                var file = ProjectFile(migration, &random)
                guard file.plant(kind, &random) else { continue }
                odds[place] = file.diff(path: Self.path(place, language))
                planted[place] = kind
                next += 1
                break
            }
        }
        for task in 0..<tasks {
            let diff = odds[task] ?? ProjectFile(migration, &random).diff(path: Self.path(task, language))
            diffs.append(diff)
            commits.append(EditedCommit(worker: "codemod", attempts: 1, patch: Patch(diff: diff)))
        }
    }

    private static func path(_ task: Int, _ language: ProjectLanguage) -> String {
        "src/part\(task % 20)/unit\(task).\(language.rawValue)"
    }
}

/// A file before and after its task.
struct ProjectFile {
    private struct Segment {
        var old: [String]
        var new: [String]
        var odd: [ProjectRun.Odd: [[String]]] = [:]
    }

    private let writer: ProjectWriter
    private var segments: [Segment] = []
    private var imports = 0
    private var isExecutable = false

    init(_ migration: ProjectMigration, _ random: inout SampleGenerator) {
        writer = ProjectWriter(language: migration.language)
        for _ in 0..<Int.random(in: 1...4, using: &random) { add([writer.imports(&random)]) }
        imports = segments.count
        segments.append(Segment(old: migration.imports.old, new: migration.imports.new))
        for _ in 0..<Int.random(in: 2...5, using: &random) { addFunction(migration, &random) }
    }

    private mutating func add(_ lines: [String]) { segments.append(Segment(old: lines, new: lines)) }

    private mutating func add(_ part: ProjectPart) {
        segments.append(Segment(old: part.lines, new: part.lines, odd: part.odd.mapValues { [$0] }))
    }

    private mutating func addFunction(_ migration: ProjectMigration, _ random: inout SampleGenerator) {
        add([""])
        add(writer.head(&random))
        for _ in 0..<Int.random(in: 2...6, using: &random) {
            add(writer.statement(&random))
            if Int.random(in: 0..<2, using: &random) == 0 {
                let maker = migration.makers[Int.random(in: migration.makers.indices, using: &random)]
                let site = maker(&random)
                segments.append(
                    Segment(old: site.old, new: site.new, odd: [.wrongSite: site.wrong.map { [$0] }]))
            }
        }
        if migration.language != .python { add(["}"]) }
    }

    /// - Returns: false if the file has no place for it.
    mutating func plant(_ odd: ProjectRun.Odd, _ random: inout SampleGenerator) -> Bool {
        switch odd {
        case .extraImport:
            let line = writer.imports(&random)
            segments.insert(Segment(old: [], new: [line]), at: imports)
            return true
        case .fileMode:
            isExecutable = true
            return true
        default:
            let places = segments.indices.filter { segments[$0].odd[odd] != nil }
            guard let place = places.randomElement(using: &random),
                let lines = segments[place].odd[odd]?.randomElement(using: &random)
            else { return false }
            segments[place].new = lines
            return true
        }
    }

    /// The difference as Git prints it, in one hunk.
    func diff(path: String) -> String {
        var hunk = HunkText()
        for segment in segments {
            guard segment.old.count == segment.new.count else {
                hunk.change(segment.old, to: segment.new)
                continue
            }
            for (before, after) in zip(segment.old, segment.new) {
                if before == after { hunk.keep(before) } else { hunk.change([before], to: [after]) }
            }
        }
        let mode = isExecutable ? ["old mode 100644", "new mode 100755"] : []
        return hunk.diff(path: path, head: mode + ["index 1111111..2222222"])
    }
}
