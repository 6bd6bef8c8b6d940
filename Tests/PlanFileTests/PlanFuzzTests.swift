import Foundation
import Model
import TestSupport
import Testing

@testable import PlanFile

/// Plans broken at random: each gives a plan or says what is wrong, and nothing crashes.
///
/// `FUZZ=200000 swift test --filter PlanFuzzTests` runs more of them.
@Suite struct PlanFuzzTests {
    private static let rounds = ProcessInfo.processInfo.environment["FUZZ"].flatMap(Int.init) ?? 2000

    @Test(arguments: [1, 2])
    func `a broken plan is a plan or has problems`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var plans = 0
        for _ in 0..<Self.rounds / 2 {
            let text = Self.mutated(PlanLoaderTests.full, using: &random)
            let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.count
            switch PlanText.load(text) {
            case .success: plans += 1
            case .failure(let problems):
                #expect(problems.diagnostics.contains { $0.severity == .error }, "\(text)")
                #expect(problems.diagnostics.allSatisfy { $0.line <= lines + 1 && !$0.message.isEmpty }, "\(text)")
            }
        }
        #expect(plans > 0 && plans < Self.rounds / 2)
    }

    private static let pieces = [
        "*", "&a ", "*a", "<<: ", "- ", "? ", ": ", "{", "}", "[", "]", ",", "\"", "'", "|", ">", "\n", "\n  ", "\t",
        "#",
        "!!str ", "!x ", "---\n", "...\n", "%YAML 1.1\n", "\\", "\u{FEFF}", "\u{85}", "\u{2028}", "é", "😀", "\u{E000}",
        "{file}", "{x}", "**", "0", "-1", "null", "~", "true", "version: 1\n", "run: ", "x-a: &a ", "\u{0}", "\r",
    ]

    private static func mutated(_ text: String, using random: inout SeededGenerator) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = Int.random(in: 0..<scalars.count, using: &random)
            let end = min(scalars.count, at + Int.random(in: 1...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: scalars.removeSubrange(at..<end)
            case 1: scalars.insert(contentsOf: scalars[at..<end], at: Int.random(in: 0..<scalars.count, using: &random))
            case 2: scalars.replaceSubrange(at..<end, with: (pieces.randomElement(using: &random) ?? "").unicodeScalars)
            default: scalars.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").unicodeScalars, at: at)
            }
            if scalars.isEmpty { scalars = ["a"] }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
