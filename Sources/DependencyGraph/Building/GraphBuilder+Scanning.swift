import Dispatch
import Model
import Synchronization

extension GraphBuilder {
    /// The outcome of the scanning phase, one place per entry.
    struct Scan {
        var places: [UnsafeRawPointer]
        var roles: [UInt8]
        var arenas: [Arena]
        var fresh: [FactsCache.Record] = []
        var cachedBytes = 0
        var figures = Figures()
    }

    /// What one worker hands over when no work is left.
    // The pointers lead into the arena beside them or into the cache, which the caller keeps; written before handing over.
    private struct Share: @unchecked Sendable {
        var arena = Arena()
        var found: [(index: Int, role: UInt8, facts: UnsafeRawPointer)] = []
        var fresh: [FactsCache.Record] = []
        var cachedBytes = 0
        var figures = Figures()
        var error: GraphError?
    }

    /// Entries that a worker takes at once: small enough to share the last ones evenly.
    private static let chunk = 32

    func scan(_ entries: [Entry], _ source: some BlobSource, _ cache: FactsCache?) throws(GraphError) -> Scan {
        let next = Atomic<Int>(0)
        let shares = Mutex<[Share]>([])
        let threads = min(workers, entries.count / Self.chunk + 1)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var worker = Worker(source: source, cache: cache)
            while worker.share.error == nil {
                let start = next.wrappingAdd(Self.chunk, ordering: .relaxed).oldValue
                guard start < entries.count else { break }
                for index in start..<min(entries.count, start + Self.chunk) { worker.scan(index, entries[index]) }
            }
            // After an error the others need not go on.
            if worker.share.error != nil { next.store(entries.count, ordering: .relaxed) }
            let share = worker.share
            shares.withLock { $0.append(share) }
        }

        let done = shares.withLock { $0 }
        if let error = done.lazy.compactMap(\.error).first { throw error }
        guard let arena = done.first?.arena else { return Scan(places: [], roles: [], arenas: []) }
        // No place keeps this: the workers have found all of them.
        let empty = UnsafeRawPointer(arena.allocate(FileFacts.Header.size))
        var scan = Scan(
            places: [UnsafeRawPointer](repeating: empty, count: entries.count),
            roles: [UInt8](repeating: 0, count: entries.count), arenas: done.map(\.arena))
        for share in done {
            for found in share.found {
                scan.places[found.index] = found.facts
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

    /// The state of one scanning thread.
    private struct Worker<Blobs: BlobSource> {
        let source: Blobs
        let cache: FactsCache?
        var reader: (any BlobReader)?
        var writer = FactWriter()
        let scratch = TokenBuffer()
        var share = Share()

        init(source: Blobs, cache: FactsCache?) {
            self.source = source
            self.cache = cache
        }

        mutating func scan(_ index: Int, _ entry: Entry) {
            guard share.error == nil else { return }
            // A submodule has no contents here.
            guard entry.mode & 0o170000 != 0o160000 else {
                writer.removeAll()
                store(index, 0, writer.encode(FileSummary(), into: share.arena))
                return
            }
            let isLink = entry.mode & 0o170000 == 0o120000
            let detected = isLink ? LanguageRegistry.link : LanguageRegistry.detect(path: entry.path)
            let key = FactsCache.Key(blob: entry.blob, scanner: detected.scanner)
            if let cached = cache?.find(key) {
                share.figures.cached += 1
                share.cachedBytes += cached.count
                if let base = cached.baseAddress { share.found.append((index, detected.role, base)) }
                return
            }
            do {
                let facts = try read(entry, detected)
                share.figures.read += 1
                store(index, detected.role, facts)
                if cache != nil { share.fresh.append(FactsCache.Record(key: key, facts: facts)) }
            } catch let error as GraphError {
                share.error = error
            } catch {
                share.error = .unreadable(path: entry.path, reason: String(describing: error))
            }
        }

        private mutating func store(_ index: Int, _ role: UInt8, _ facts: UnsafeRawBufferPointer) {
            if let base = facts.baseAddress { share.found.append((index, role, base)) }
        }

        private mutating func read(
            _ entry: Entry, _ detected: LanguageRegistry.Detected
        ) throws -> UnsafeRawBufferPointer {
            let reader = try openReader()
            writer.removeAll()
            var facts = UnsafeRawBufferPointer(start: nil, count: 0)
            try reader.read(entry, limit: GraphBuilder.largestRead) { raw, size in
                share.figures.bytesRead += raw.count
                let bytes = raw.bindMemory(to: UInt8.self)
                var contents = FileContents(bytes, size: size)
                if detected.isLink {
                    writer.add(kind: LinkTargets.kind, text: bytes, line: 1)
                } else if let found = detected.language
                    ?? (detected.asksShebang ? LanguageRegistry.interpreted(bytes) : nil)
                {
                    scan(bytes, found, detected.role, &contents)
                }
                facts = writer.encode(contents.summary, into: share.arena)
            }
            return facts
        }

        private mutating func scan(
            _ bytes: Source.Bytes, _ place: Int, _ role: UInt8, _ contents: inout FileContents
        ) {
            let language = LanguageRegistry.all[place]
            contents.summary.language = UInt8(place + 1)
            if contents.isMinified, language.ignoresMinified {
                contents.summary.traits |= RepositoryGraph.Traits.generated.rawValue
            } else if contents.isScannable {
                language.scan(Source(bytes, role: role, scratch: scratch), into: &writer)
            }
        }

        private mutating func openReader() throws -> any BlobReader {
            if let reader { return reader }
            do {
                let made = try source.makeReader()
                reader = made
                return made
            } catch {
                throw GraphError.noReader(reason: String(describing: error))
            }
        }
    }
}
