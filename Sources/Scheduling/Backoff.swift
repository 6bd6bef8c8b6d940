import Model

/// The wait before a retry after a fault of the machine or of a provider.
///
/// Each wait is twice as long as the one before, up to a limit, and then shortened by up to a half, so that tasks which
/// failed together do not return together ("equal jitter",
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). The share is a hash of a name, because
/// decisions drawn from chance could not be replayed.
struct Backoff: Sendable {
    /// Seconds before the first retry.
    let first: Double
    /// The longest wait in seconds.
    let longest: Double

    /// For a full disk or a killed worker, which somebody may be about to repair.
    static let machine = Backoff(first: 0.5, longest: 60)
    /// For a provider that does not say how long to wait.
    static let provider = Backoff(first: 2, longest: 300)

    /// - Parameters:
    ///   - failures: number of failures in a row, at least 1.
    ///   - name: name of the waiting task or provider, from which the share is drawn.
    func seconds(after failures: Int, name: String) -> Double {
        var full = first
        for _ in 1..<max(2, min(failures, 40)) where failures > 1 { full = min(longest, full * 2) }
        return Self.rounded(full * (0.5 + 0.5 * StableHash.unit("\(name) \(failures)")))
    }

    /// Seconds of the longest wait that is granted to a provider.
    static let longestAsked: Double = 7 * 24 * 3600

    /// The requested wait and up to a tenth more, because all workers of a provider got the same request.
    static func seconds(asked: Double, name: String) -> Double {
        rounded(min(max(0, asked), longestAsked) * (1 + 0.1 * StableHash.unit(name)))
    }

    /// Rounds up to milliseconds, for a readable log.
    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded(.up) / 1000 }
}
