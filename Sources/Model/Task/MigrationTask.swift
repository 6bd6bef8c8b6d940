/// The name of a task. It is stable for the same files and valid in branch names and as a file name.
package struct TaskID: RawRepresentable, Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }
    package static func < (a: TaskID, b: TaskID) -> Bool { a.rawValue < b.rawValue }
}

/// A piece of the migration that fits one commit.
package struct MigrationTask: Codable, Sendable, Equatable, Identifiable {
    package var id: TaskID
    /// One line for people, such as a commit's subject without its prefix.
    package var title: String
    /// Paths of the task, sorted.
    package var files: [String]
    /// Tasks that must be done before this one may start, sorted.
    package var dependencies: [TaskID]
    package var figures: Figures
    /// Position of the plan's stage it belongs to.
    package var stage: Int
    /// What to do, in addition to the plan's goal; may be empty.
    package var instructions: String
    /// Paths of test files that depend on one of its files, sorted: the nearest, at most `mostTests`.
    package var tests: [String]
    /// Like `WorkerRules.approve`, for this task only.
    package var approve: Approval?
    /// The task whose landing caused this one; nil for a task of the plan.
    package var derivedFrom: TaskID?
    /// The tasks whose commits it takes back; nil for a task with work of its own.
    package var reverts: [TaskID]?
    /// The task that was split into this one and others; nil for a task that is no part.
    package var partOf: TaskID?

    package init(
        id: TaskID, title: String, files: [String], dependencies: [TaskID] = [], figures: Figures = Figures(),
        stage: Int = 0, instructions: String = "", tests: [String] = [], approve: Approval? = nil
    ) {
        self.id = id
        self.title = title
        self.files = files
        self.dependencies = dependencies
        self.figures = figures
        self.stage = stage
        self.instructions = instructions
        self.tests = tests
        self.approve = approve
    }

    /// The largest number of test files of one task. The list must fit on a command line.
    package static let mostTests = 200

    /// Whether it is the end of a stage. Such a task has no files, depends on its stage, and the next stage depends on
    /// it.
    package var isGate: Bool { files.isEmpty }

    /// Figures that show the size and the risk of a task.
    package struct Figures: Codable, Sendable, Equatable {
        package var lines: Int
        /// Files outside the task that depend on one of its files.
        package var fanIn: Int
        /// Files outside the task that one of its files depends on.
        package var fanOut: Int
        /// Files in the import cycle of which the task is all or a part; 1 without a cycle.
        package var cycle: Int

        package init(lines: Int = 0, fanIn: Int = 0, fanOut: Int = 0, cycle: Int = 1) {
            self.lines = lines
            self.fanIn = fanIn
            self.fanOut = fanOut
            self.cycle = cycle
        }

        /// An estimate of the difficulty, for sorting: one point for every doubling of the lines and of the dependent
        /// files, and two for every doubling of the cycle, whose parts cannot be judged alone.
        package var difficulty: Int {
            func doublings(_ number: Int) -> Int { Int.bitWidth - max(0, number).leadingZeroBitCount }
            return doublings(lines) + doublings(fanIn) + 2 * doublings(cycle - 1)
        }
    }
}
