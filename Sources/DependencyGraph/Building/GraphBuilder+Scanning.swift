import Dispatch
import Model
import Synchronization

extension GraphBuilder {
    /// The result of the scanning phase, one place per entry.
    struct Scan {
        var places: [UnsafeRawPointer]
        var roles: [UInt8]
        var arenas: [Arena]
        var fresh: [FactsCache.Record] = []
        var cachedBytes = 0
        var figures = Figures()
    }

    /// The result of one worker.
    // The pointers lead into the arena beside them or into the cache, which the caller keeps. All of it is written
    // before the worker hands it over under the lock of `scan`.
    struct Share: @unchecked Sendable {
        var arena = Arena()
        var found: [(index: Int, role: UInt8, facts: UnsafeRawBufferPointer)] = []
        var fresh: [FactsCache.Record] = []
        var cachedBytes = 0
        var figures = Figures()
        var error: GraphError?
    }

    /// The number of entries that a worker takes at once: small enough to share the last ones evenly.
    private static let chunk = 32

    /// Finds the facts of all entries, on as many threads as there are workers.
    /// - Parameter beside: work that one of the threads does before it scans.
    func scan(
        _ entries: [Entry], from source: some BlobSource, cache: FactsCache?, beside: @Sendable () -> Void
    ) throws(GraphError) -> Scan {
        let next = Atomic<Int>(0)
        let shares = Mutex<[Share]>([])
        let threads = min(workers, entries.count / Self.chunk + 1)
        DispatchQueue.concurrentPerform(iterations: threads) { index in
            if index == 0 { beside() }
            var worker = ScanWorker(source: source, cache: cache)
            while worker.share.error == nil {
                let start = next.wrappingAdd(Self.chunk, ordering: .relaxed).oldValue
                guard start < entries.count else { break }
                for index in start..<min(entries.count, start + Self.chunk) { worker.scan(index, entries[index]) }
            }
            // After an error, the other threads stop early.
            if worker.share.error != nil { next.store(entries.count, ordering: .relaxed) }
            let share = worker.share
            shares.withLock { $0.append(share) }
        }
        return try merge(shares.withLock { $0 }, count: entries.count)
    }

    private func merge(_ shares: [Share], count: Int) throws(GraphError) -> Scan {
        if let error = shares.lazy.compactMap(\.error).first { throw error }
        let nothing = Arena()
        let empty = FileScanner().scanNothing(into: nothing).baseAddress ?? UnsafeRawPointer(nothing.allocate(0))
        var scan = Scan(
            places: [UnsafeRawPointer](repeating: empty, count: count), roles: [UInt8](repeating: 0, count: count),
            arenas: shares.map(\.arena) + [nothing])
        for share in shares {
            for found in share.found {
                scan.places[found.index] = found.facts.baseAddress ?? empty
                scan.roles[found.index] = found.role
            }
            scan.fresh += share.fresh
            scan.cachedBytes += share.cachedBytes
            scan.figures.read += share.figures.read
            scan.figures.cached += share.figures.cached
            scan.figures.bytesRead += share.figures.bytesRead
        }
        return scan
    }
}
