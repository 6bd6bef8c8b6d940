/// Memory that only grows, in blocks that never move. One thread writes it, then many read it.
// One worker owns an arena while it scans. It hands the arena over when it ends, and from then on it is only read.
final class Arena: @unchecked Sendable {
    private static let block = 1 << 20
    private var blocks: [UnsafeMutableRawPointer]
    private var next: UnsafeMutableRawPointer
    private var free = block

    init() {
        next = .allocate(byteCount: Self.block, alignment: 16)
        blocks = [next]
    }

    deinit { for block in blocks { block.deallocate() } }

    /// - Parameter size: bytes, a multiple of 8.
    func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        if size > free {
            let count = max(size, Self.block)
            next = .allocate(byteCount: count, alignment: 16)
            blocks.append(next)
            free = count
        }
        let part = next
        next += size
        free -= size
        return part
    }
}

/// The facts of all files of a build, each in the cache's buffer or in the arena of the worker that scanned it.
// Everything is written before `init` returns and only read afterwards.
final class FactStore: @unchecked Sendable {
    private let places: [UnsafeRawPointer]
    private let arenas: [Arena]
    private let cache: FactsCache?

    /// - Parameters:
    ///   - places: the start of each file's facts, in an arena or in the cache.
    init(places: [UnsafeRawPointer], arenas: [Arena], cache: FactsCache?) {
        self.places = places
        self.arenas = arenas
        self.cache = cache
    }

    func facts(_ index: Int) -> FileFacts { FileFacts(places[index]) }
}
