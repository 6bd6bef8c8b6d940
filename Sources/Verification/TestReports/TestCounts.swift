/// Reads how many tests ran from the summary lines of test runners, also of those whose reports are not read.
///
/// Counts of several programs in one output are added up.
struct TestCounts {
    private var total: Int?
    /// Sum over the classes of Maven, which prints a total after them.
    private var classes: Int?

    /// - Parameter line: without control sequences and line break.
    mutating func read(_ line: String) {
        let words = line.split { $0 == " " || $0 == "," || $0 == "(" || $0 == ")" || $0 == "." }
        guard words.count > 1 else { return }
        // Maven: `[INFO] Tests run: 3, Failures: 0, …`, with a time for a class and without one for the total.
        if let place = words.firstRange(of: ["Tests", "run:"]), let count = Self.number(words, at: place.upperBound) {
            if line.contains("Time elapsed") { classes = (classes ?? 0) + count } else { add(count) }
        } else if let count = Self.count(words) {
            add(count)
        }
    }

    /// The number of tests; nil if no line told one.
    var ran: Int? { total ?? classes }

    private mutating func add(_ count: Int) { total = (total ?? 0) + count }

    private static func count(_ words: [Substring]) -> Int? {
        switch (words[0], words[1]) {
        // unittest: `Ran 12 tests in 0.3s`.
        case ("Ran", _) where words.count > 3 && words[2].hasPrefix("test") && words[3] == "in": return Int(words[1])
        // Jest: `Tests: 1 failed, 4 passed, 5 total`.
        case ("Tests:", _) where words.last == "total": return number(words, at: words.count - 2)
        // Vitest: `Tests  1 failed | 4 passed (5)`.
        case ("Tests", _) where words.contains("passed") || words.contains("failed"):
            return words.last.flatMap { Int($0) }
        // PHPUnit: `OK (5 tests, 9 assertions)` and `Tests: 5, Assertions: 9`.
        case ("OK", _) where words.count > 3 && words[2].hasPrefix("test"): return Int(words[1])
        case ("Tests:", _) where words.contains("Assertions:"): return Int(words[1])
        // node:test: `# tests 5` and `ℹ tests 5`.
        case ("#", "tests") where words.count == 3, ("ℹ", "tests") where words.count == 3: return Int(words[2])
        // Mocha: `5 passing`.
        case (_, "passing"): return Int(words[0])
        // RSpec and minitest: `5 examples, 0 failures`, `5 runs, 9 assertions`.
        case (_, "examples") where words.contains("failures") || words.contains("failure"): return Int(words[0])
        case (_, "runs") where words.contains("assertions"): return Int(words[0])
        // CTest: `100% tests passed, 0 tests failed out of 12`.
        case (_, "tests") where words.contains("out"): return words.last.flatMap { Int($0) }
        default: break
        }
        // dotnet: `Passed!  - Failed: 0, Passed: 5, Skipped: 0, Total: 5, Duration: …`.
        guard words[0] == "Passed!" || words[0] == "Failed!", let place = words.firstIndex(of: "Total:") else {
            return nil
        }
        return number(words, at: place + 1)
    }

    private static func number(_ words: [Substring], at place: Int) -> Int? {
        words.indices.contains(place) ? Int(words[place]) : nil
    }
}
