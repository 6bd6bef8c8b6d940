package import Model

/// Finds checks that passed and yet ran clearly fewer tests than before: tests that are no longer found fail silently.
package enum TestCountRule {
    /// The share of the tests that may be missing, because some suites count differently from run to run.
    private static let tolerated = 0.02

    /// Returns the results after applying the rule: a check that ran clearly fewer tests has failed.
    ///
    /// - Parameters:
    ///   - before: how many tests each command ran on an earlier tree, and what to call that tree.
    ///   - mayDelete: whether the work removed tests and was allowed to. Then only a run without any test fails.
    package static func judge(
        _ results: [CheckResult], before: [(counts: [String: Int], name: String)], mayDelete: Bool
    ) -> [CheckResult] {
        results.map { result in
            guard result.outcome == .passed, let ran = result.testsRun else { return result }
            for reference in before {
                guard let known = reference.counts[result.command], isFall(from: known, to: ran, mayDelete) else {
                    continue
                }
                var judged = result
                judged.outcome = .failed
                judged.digest =
                    "\(tests(ran)) ran, \(known) ran on \(reference.name): tests that are not found any more count as failed"
                return judged
            }
            return result
        }
    }

    /// Returns how many tests each command ran, as far as that is known.
    package static func counts(_ results: [CheckResult]) -> [String: Int] {
        Dictionary(results.compactMap { result in result.testsRun.map { (result.command, $0) } }) { max($0, $1) }
    }

    private static func isFall(from known: Int, to ran: Int, _ mayDelete: Bool) -> Bool {
        if mayDelete { return ran == 0 && known > 0 }
        return known - ran > Int(Double(known) * tolerated)
    }

    private static func tests(_ count: Int) -> String { count == 1 ? "1 test" : "\(count) tests" }
}

/// The tests that a source file declares.
package enum DeclaredTests {
    /// Returns the number of tests in a file; 0 if its language is not known.
    package static func count(in bytes: [UInt8], path: String) -> Int {
        FileVersion(path: path, bytes: bytes).figures?.tests.count ?? 0
    }
}
