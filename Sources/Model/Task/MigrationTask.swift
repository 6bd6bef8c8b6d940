/// The name of a task: stable for the same files, and usable inside a branch name and as a file name.
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
    /// Paths the task is about, sorted.
    package var files: [String]
    /// Tasks that must be green before this one may start, sorted.
    package var dependencies: [TaskID]
    package var figures: Figures
    /// Position of the plan's stage it belongs to.
    package var stage: Int
    /// What to do, beside the plan's goal; empty for nothing more.
    package var instructions: String
    /// Paths of test files that reach one of its files, sorted.
    package var tests: [String]
    /// As `WorkerRules.approve`, for this task alone.
    package var approve: Approval?
    /// The task whose landing made this one necessary; nil for one that the plan was cut into.
    package var derivedFrom: TaskID?

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

    /// The end of a stage: it has no files, needs every task of its stage, and the next stage needs it.
    package var isGate: Bool { files.isEmpty }

    /// What a reviewer weighs a task by.
    package struct Figures: Codable, Sendable, Equatable {
        package var lines: Int
        /// Files outside the task that depend on one of its files.
        package var fanIn: Int
        /// Files outside the task that one of its files depends on.
        package var fanOut: Int
        /// Files in the import cycle that the task holds, or a part of which it holds; 1 for none.
        package var cycle: Int

        package init(lines: Int = 0, fanIn: Int = 0, fanOut: Int = 0, cycle: Int = 1) {
            self.lines = lines
            self.fanIn = fanIn
            self.fanOut = fanOut
            self.cycle = cycle
        }

        /// A guess at how hard the task is, to sort by: a point for every doubling of the lines to read and of the
        /// files that may break, and two for every doubling of the cycle, of which no part can be judged alone.
        package var difficulty: Int {
            func doublings(_ number: Int) -> Int { Int.bitWidth - max(0, number).leadingZeroBitCount }
            return doublings(lines) + doublings(fanIn) + 2 * doublings(cycle - 1)
        }
    }
}
