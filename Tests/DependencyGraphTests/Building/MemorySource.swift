import Model
import Synchronization

@testable import DependencyGraph

/// Files in memory, with the number of reads of each.
final class MemorySource: BlobSource {
    private let files: [String: [UInt8]]
    private let counts = Mutex<[String: Int]>([:])
    /// A path whose reading fails.
    private let broken: String?

    init(_ files: [String: [UInt8]], broken: String? = nil) {
        self.files = files
        self.broken = broken
    }

    convenience init(texts: [String: String], broken: String? = nil) {
        self.init(texts.mapValues { Array($0.utf8) }, broken: broken)
    }

    var reads: [String: Int] { counts.withLock { $0 } }

    /// The files as a commit lists them. Equal contents have equal blob names.
    var entries: [GraphBuilder.Entry] {
        files.sorted { $0.key < $1.key }.compactMap { path, bytes in
            let hash = bytes.withUnsafeBufferPointer { hashBytes($0) }
            let digits = String(hash, radix: 16)
            let hex = String(repeating: "0", count: 40 - digits.count) + digits
            return ObjectID(hex: hex).map { GraphBuilder.Entry(path: path, blob: $0) }
        }
    }

    func makeReader() -> any BlobReader { Reader(source: self) }

    private struct Reader: BlobReader {
        let source: MemorySource

        func read(
            _ file: GraphBuilder.Entry, limit: Int, _ body: (UnsafeRawBufferPointer, Int) -> Void
        ) throws {
            if file.path == source.broken { throw GraphError.unreadable(path: file.path, reason: "the disk is gone") }
            source.counts.withLock { $0[file.path, default: 0] += 1 }
            source.files[file.path, default: []].withUnsafeBytes { bytes in
                body(UnsafeRawBufferPointer(rebasing: bytes.prefix(limit)), bytes.count)
            }
        }
    }
}
