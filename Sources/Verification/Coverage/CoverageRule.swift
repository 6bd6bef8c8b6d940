import Foundation
package import Model

/// Compares the coverage of files before and after an attempt.
package struct CoverageRule: Sendable {
    private let rules: GuardRules.Coverage

    package init(_ rules: GuardRules.Coverage) { self.rules = rules }

    /// Returns a failure that names the files whose coverage fell by more than the plan allows; nil for none.
    ///
    /// A file without code that could be run, or that the base did not measure, is not judged.
    /// - Parameter files: those that the attempt has not deleted.
    package func judge(_ files: [String], before: CoverageReport, after: CoverageReport) -> Failure? {
        let objections = files.compactMap { path -> Objection? in
            guard let old = before.coverage(of: path)?.counts, old.of > 0 else { return nil }
            let was = Self.share(old)
            guard let new = after.coverage(of: path)?.counts, new.of > 0 else {
                return Objection(
                    path: path,
                    reason: "no test runs it any more: \(Self.words(was)) of its lines were run on the base")
            }
            let share = Self.share(new)
            // Shares are fractions, so equal ones may differ in the last digit.
            guard was - share > rules.drop + 1e-9 else { return nil }
            return Objection(
                path: path,
                reason: "tests run \(Self.words(share)) of its lines and ran \(Self.words(was)) on the base; "
                    + "'guards.coverage' allows a fall by \(Self.number(rules.drop)) points")
        }
        return GuardList.failure(objections)
    }

    /// The rule as a sentence, for prompts.
    var inWords: String {
        "Keep the share of each file's lines that tests run; it may fall by \(Self.number(rules.drop)) percentage points."
    }

    /// In percent.
    private static func share(_ counts: (covered: Int, of: Int)) -> Double {
        Double(counts.covered) / Double(counts.of) * 100
    }

    private static func words(_ percent: Double) -> String { String(format: "%.1f %%", percent) }

    private static func number(_ points: Double) -> String { String(format: "%g", points) }
}
