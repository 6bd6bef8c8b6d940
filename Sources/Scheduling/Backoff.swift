import Model

/// How long to wait before something is tried again that failed through nobody's fault.
///
/// Each wait is twice as long as the one before, up to a limit, and then shortened by up to a half, so that those who
/// failed together do not come back together ("equal jitter",
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Chance would make decisions that cannot
/// be replayed: the share is drawn from the name of what waits.
struct Backoff: Sendable {
    /// Seconds before the first new try.
    let first: Double
    /// Seconds, the most.
    let longest: Double

    /// A full disk or a killed worker: somebody may be mending it right now.
    static let machine = Backoff(first: 0.5, longest: 60)
    /// A model's provider that does not say how long.
    static let provider = Backoff(first: 2, longest: 300)

    /// - Parameters:
    ///   - failures: in a row, at least 1.
    ///   - name: of what waits.
    func seconds(after failures: Int, name: String) -> Double {
        var full = first
        for _ in 1..<max(2, min(failures, 40)) where failures > 1 { full = min(longest, full * 2) }
        return Self.rounded(full * (0.5 + 0.5 * StableHash.unit("\(name) \(failures)")))
    }

    /// What was asked for, and up to a tenth more: all that wait for one provider were told the same.
    static func seconds(asked: Double, name: String) -> Double {
        rounded(max(0, asked) * (1 + 0.1 * StableHash.unit(name)))
    }

    /// To milliseconds, which a log shows well.
    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded(.up) / 1000 }
}
