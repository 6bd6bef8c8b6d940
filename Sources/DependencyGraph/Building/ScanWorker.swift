import Model

/// One scanning thread: its reader, its scanner and its results so far.
struct ScanWorker<Blobs: BlobSource> {
    private let source: Blobs
    private let cache: FactsCache?
    private let scanner = FileScanner()
    private var reader: (any BlobReader)?
    private(set) var share = GraphBuilder.Share()

    init(source: Blobs, cache: FactsCache?) {
        self.source = source
        self.cache = cache
    }

    /// Finds the facts of one file, in the cache or by reading it. Does nothing after an error.
    mutating func scan(_ index: Int, _ entry: GraphBuilder.Entry) {
        guard share.error == nil else { return }
        // A submodule has no contents here.
        guard entry.mode & 0o170000 != 0o160000 else {
            share.found.append((index, 0, scanner.scanNothing(into: share.arena)))
            return
        }
        let isLink = entry.mode & 0o170000 == 0o120000
        let detected = isLink ? LanguageRegistry.link : LanguageRegistry.detect(path: entry.path)
        let key = FactsCache.Key(blob: entry.blob, scanner: detected.scanner)
        if let cached = cache?.find(key) {
            share.figures.cached += 1
            share.cachedBytes += cached.count
            share.found.append((index, detected.role, cached))
            return
        }
        do {
            var facts: UnsafeRawBufferPointer?
            try openReader().read(entry, limit: GraphBuilder.largestRead) { raw, size in
                share.figures.bytesRead += raw.count
                facts = scanner.scan(raw.bindMemory(to: UInt8.self), size: size, detected, into: share.arena)
            }
            guard let facts else { throw GraphError.unreadable(path: entry.path, reason: "its reader gave no bytes") }
            share.figures.read += 1
            share.found.append((index, detected.role, facts))
            if cache != nil { share.fresh.append(FactsCache.Record(key: key, facts: facts)) }
        } catch let error as GraphError {
            share.error = error
        } catch {
            share.error = .unreadable(path: entry.path, reason: String(describing: error))
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
