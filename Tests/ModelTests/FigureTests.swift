import Foundation
import Model
import Testing

/// Figures from outside.
@Suite struct FigureTests {
    @Test func `no figure leaves its bounds, however it comes`() throws {
        var usage = Usage(inputTokens: .max, cachedTokens: .min, outputTokens: -1, usd: .infinity)
        #expect(usage == Usage(inputTokens: Usage.mostTokens, usd: Usage.mostUSD))
        usage.outputTokens = .max
        usage.usd = -.infinity
        #expect(usage.outputTokens == Usage.mostTokens && usage.usd == 0)
        usage.usd = .nan
        #expect(usage.usd == 0)
        let stored = #"{"inputTokens":9223372036854775807,"cachedTokens":0,"outputTokens":-5,"usd":1e308}"#
        let read = try JSONDecoder().decode(Usage.self, from: Data(stored.utf8))
        #expect(read == Usage(inputTokens: Usage.mostTokens, usd: Usage.mostUSD))
        #expect((read + read) == read)
        #expect(try JSONDecoder().decode(Usage.self, from: JSONEncoder().encode(read)) == read)
    }

    @Test func `a later report takes nothing back`() {
        let before = Usage(inputTokens: 5, cachedTokens: 2, outputTokens: 7, usd: 4)
        #expect(
            Usage(inputTokens: 9, usd: 0).notBelow(before)
                == Usage(inputTokens: 9, cachedTokens: 2, outputTokens: 7, usd: 4))
        #expect(Usage().notBelow(before) == before)
        #expect(before.notBelow(nil) == before)
    }

    @Test(arguments: [(1e300, 1 << 53), (-.infinity, -(1 << 53)), (.nan, 0), (2.5, 3), (-0.4, 0)])
    func `every number has a whole one`(number: Double, whole: Int) { #expect(number.whole == whole) }

    @Test(arguments: [1e308, -.infinity, .nan])
    func `every moment can be shown`(seconds: Double) {
        #expect(abs(Timestamp(seconds: seconds).seconds) <= 1e11)
    }

    @Test func `a sum ends at the largest number`() {
        #expect(Int.max.saturatingSum(1) == .max && Int.min.saturatingSum(-1) == .min && 2.saturatingSum(3) == 5)
    }
}
