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
        #expect(forecast.all.tokens == .init(p50: 300, p90: 300) && forecast.all.attempts == .init(p50: 3, p90: 3))
        #expect(
            forecast.words()
                == "rest: 3 tasks, 0.30 to 0.30 USD, 300 to 300 tokens, 3 to 3 attempts, a minute to a minute of work (p50 to p90)"
        )
    }

    @Test func `p90 grows with the spread, and more with few samples`() throws {
        let few = try #require(RestForecast(samples([100, 200, 100, 200, 150].map { (10, $0) }), open: [10, 10]))
        let many = try #require(
            RestForecast(samples((0..<40).map { (10, $0 % 2 == 0 ? 100 : 200) }), open: [10, 10]))
        #expect(few.all.tokens?.p50 == 300 && many.all.tokens?.p50 == 300)
        #expect((few.all.tokens?.p90 ?? 0) > 360 && (many.all.tokens?.p90 ?? 0) > 360)
        #expect((few.all.tokens?.p90 ?? 0) > (many.all.tokens?.p90 ?? 0))
    }

    @Test func `large files are forecast from large files`() throws {
        let ended = samples((0..<5).map { _ in (10, 100) } + (0..<5).map { _ in (1000, 900) })
        #expect(try #require(RestForecast(ended, open: [2000, 3000])).all.tokens?.p50 == 1800)
        #expect(try #require(RestForecast(ended, open: [5])).all.tokens?.p50 == 100)
    }

    @Test func `what no worker reports is left out`() throws {
        let forecast = try #require(RestForecast(samples(Array(repeating: (10, nil), count: 5)), open: [1]))
        #expect(forecast.all.tokens == nil && forecast.all.usd == nil && !forecast.words().contains("tokens"))
    }

    @Test func `each worker has its share, and the shares of money are those of the tasks that needed it`() throws {
        let ended = (0..<10).map { number in
            let cheap = RestForecast.Sample.Part(worker: "cheap", attempts: 2, seconds: 5, tokens: 10, usd: 0.1)
            let dear = RestForecast.Sample.Part(worker: "dear", attempts: 1, seconds: 20, tokens: 100, usd: 1)
            return RestForecast.Sample(lines: 10, parts: number % 2 == 0 ? [cheap, dear] : [cheap])
        }
        let forecast = try #require(RestForecast(ended, open: [10, 10, 10, 10]))
        #expect(forecast.workers.map(\.worker) == ["cheap", "dear"])
        let (cheap, dear) = (forecast.workers[0].figures, forecast.workers[1].figures)
        #expect(cheap.attempts == .init(p50: 8, p90: 8) && dear.attempts.p50 == 2 && dear.tokens?.p50 == 200)
        #expect(abs((forecast.all.usd?.p50 ?? 0) - 2.4) < 1e-9 && forecast.all.attempts.p50 == 10)
        let lines = forecast.lines()
        #expect(lines.count == 3 && lines[1].hasPrefix("  cheap: 0.40 to 0.40 USD, 40 to 40 tokens, 8 to 8 attempts"))
    }

    @Test func `each size has its share once there are enough of both`() throws {
        let ended = samples((0..<5).map { _ in (10, 100) } + (0..<5).map { _ in (1000, 900) })
        let forecast = try #require(RestForecast(ended, open: [5, 7, 2000]))
        #expect(forecast.sizes.map(\.tasks) == [2, 1] && forecast.sizes.map(\.from) == [0, 1000])
        #expect(forecast.sizes.map { $0.figures.tokens?.p50 } == [200, 900])
        #expect(forecast.lines().contains { $0.hasPrefix("  1 task from 1000 lines on: ") })
        #expect(try #require(RestForecast(ended, open: [5])).lines().count == 1)
    }

    @Test func `a worker that reports nothing does not hide what another one reports`() throws {
        let ended = (0..<6).map { _ in
            RestForecast.Sample(
                lines: 1,
                parts: [
                    .init(worker: "codemod", attempts: 1, seconds: 1),
                    .init(worker: "agent", attempts: 1, seconds: 1, tokens: 50),
                ])
        }
        let forecast = try #require(RestForecast(ended, open: [1, 1]))
        #expect(forecast.all.tokens?.p50 == 100 && forecast.workers[0].figures.tokens == nil)
        #expect(forecast.workers[1].figures.tokens?.p50 == 100)
    }
}
