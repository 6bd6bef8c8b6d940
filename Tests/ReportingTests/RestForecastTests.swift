import Model
import Testing

@testable import Reporting

struct RestForecastTests {
    private func samples(_ figures: [(lines: Int, tokens: Int?)]) -> [RestForecast.Sample] {
        figures.map {
            .init(
                lines: $0.lines, worker: "w", attempts: 1, seconds: 10, tokens: $0.tokens,
                usd: $0.tokens.map { Double($0) / 1000 })
        }
    }

    @Test func `needs five tasks that ended, and one that did not`() {
        let four = samples(Array(repeating: (10, 100), count: 4))
        #expect(RestForecast(four, open: [10]) == nil)
        #expect(RestForecast(four + samples([(10, 100)]), open: []) == nil)
        #expect(RestForecast(four + samples([(10, 100)]), open: [10]) != nil)
    }

    @Test func `equal tasks give a certain forecast`() throws {
        let forecast = try #require(RestForecast(samples(Array(repeating: (10, 100), count: 6)), open: [1, 2, 3]))
        #expect(forecast.tokens == .init(p50: 300, p90: 300) && forecast.attempts == .init(p50: 3, p90: 3))
        #expect(
            forecast.words()
                == "rest: 3 tasks, 0.30 to 0.30 USD, 300 to 300 tokens, 3 to 3 attempts, a minute to a minute of work (p50 to p90)"
        )
    }

    @Test func `p90 grows with the spread, and more with few samples`() throws {
        let few = try #require(RestForecast(samples([100, 200, 100, 200, 150].map { (10, $0) }), open: [10, 10]))
        let many = try #require(
            RestForecast(samples((0..<40).map { (10, $0 % 2 == 0 ? 100 : 200) }), open: [10, 10]))
        #expect(few.tokens?.p50 == 300 && many.tokens?.p50 == 300)
        #expect((few.tokens?.p90 ?? 0) > 360 && (many.tokens?.p90 ?? 0) > 360)
        #expect((few.tokens?.p90 ?? 0) > (many.tokens?.p90 ?? 0))
    }

    @Test func `large files are forecast from large files`() throws {
        let ended = samples((0..<5).map { _ in (10, 100) } + (0..<5).map { _ in (1000, 900) })
        #expect(try #require(RestForecast(ended, open: [2000, 3000])).tokens?.p50 == 1800)
        #expect(try #require(RestForecast(ended, open: [5])).tokens?.p50 == 100)
    }

    @Test func `what no worker reports is left out`() throws {
        let forecast = try #require(RestForecast(samples(Array(repeating: (10, nil), count: 5)), open: [1]))
        #expect(forecast.tokens == nil && forecast.usd == nil && !forecast.words().contains("tokens"))
    }
}
