import Dispatch
import Synchronization

/// Parallel work on ranges of a list, on all cores.
enum Parallel {
    /// Calls `body` for consecutive ranges of at most `chunk` places, on any thread and in any order.
    /// - Returns: the results in the order of the ranges.
    static func map<Result: Sendable>(
        _ count: Int, chunk: Int, _ body: @Sendable (Range<Int>) -> Result
    ) -> [Result] {
        let chunks = (count + chunk - 1) / max(1, chunk)
        guard chunks > 1 else { return chunks == 1 ? [body(0..<count)] : [] }
        let results = Mutex([Result?](repeating: nil, count: chunks))
        DispatchQueue.concurrentPerform(iterations: chunks) { index in
            let result = body(index * chunk..<min(count, (index + 1) * chunk))
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap { $0 } }
    }
}
