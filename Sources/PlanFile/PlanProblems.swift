package import Model

/// All problems of a plan and of its workers.
package struct PlanProblems: Error, Equatable, CustomStringConvertible {
    /// The problems of the plan first, then those of each worker's file, each sorted by place.
    package let diagnostics: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) {
        var files: [String] = []
        for diagnostic in diagnostics where !files.contains(diagnostic.file) { files.append(diagnostic.file) }
        self.diagnostics = files.flatMap { file in
            diagnostics.enumerated().filter { $0.element.file == file }
                .sorted {
                    ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
                }
                .map(\.element)
        }
    }

    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
