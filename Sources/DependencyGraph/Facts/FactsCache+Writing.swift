#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension FactsCache {
    /// Records are written in parts of this size at most, unless one of them is larger.
    private static let part = 1 << 20
    /// Smaller files are not rewritten.
    private static let smallestRewrite = 64 << 20

    /// Adds new records to the file. After any error they are not kept.
    ///
    /// Writers take turns by `flock`, and each checks that the path still names the locked file. A file that is not a
    /// cache, has a broken end or holds mostly unused records is replaced by rename, so readers never see it shrink.
    /// - Parameter live: bytes of the records in the file that this build used.
    func append(_ records: [Record], live: Int) {
        guard !records.isEmpty else { return }
        makeDirectory()
        for _ in 0..<8 {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0o644)
            guard file >= 0 else { return }
            defer { close(file) }
            guard flock(file, LOCK_EX) == 0 else { return }
            var locked = stat()
            var named = stat()
            guard fstat(file, &locked) == 0 else { return }
            guard stat(path, &named) == 0, named.st_ino == locked.st_ino, named.st_dev == locked.st_dev else {
                continue
            }

            let size = Int(locked.st_size)
            let isWasteful = size > Self.smallestRewrite && live * 4 < size
            if size == 0 {
                _ = Self.write(file, Self.magic) && Self.write(file, records)
            } else if !isWasteful, Self.isCache(file), Self.endsWhole(file, from: max(useful, Self.magic.count), size) {
                _ = Self.write(file, records)
            } else {
                replace(keeping: !isWasteful, records)
            }
            return
        }
    }

    private func makeDirectory() {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return }
        _ = mkdir(String(path[..<slash]), 0o755)
    }

    /// Whether the file starts with the magic of a cache. Another process may have created it since it was read.
    private static func isCache(_ file: Int32) -> Bool {
        var start = [UInt8](repeating: 0, count: magic.count)
        return pread(file, &start, magic.count, 0) == magic.count && start == magic
    }

    /// Whether whole records fill the file from an offset to its end. Other processes may have added records since it
    /// was read.
    private static func endsWhole(_ file: Int32, from start: Int, _ size: Int) -> Bool {
        var offset = start
        while offset < size {
            var head = Head(size: 0, checksum: 0, key: .zero)
            let count = withUnsafeMutableBytes(of: &head) { pread(file, $0.baseAddress, Head.size, off_t(offset)) }
            guard count == Head.size, head.mark == Head.mark, head.size % 8 == 0 else { return false }
            offset += Head.size + Int(head.size)
        }
        return offset == size
    }

    private func replace(keeping: Bool, _ records: [Record]) {
        let aside = "\(path).\(getpid())"
        let file = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { return }
        let kept = keeping && useful > 0 ? usefulBytes : Self.magic
        let written = Self.write(file, kept) && Self.write(file, records)
        close(file)
        if !written || rename(aside, path) != 0 { unlink(aside) }
    }

    private static func write(_ file: Int32, _ records: [Record]) -> Bool {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part)
        for record in records {
            let head = Head(
                size: UInt32(record.facts.count), checksum: checksum(record.key, record.facts), key: record.key)
            withUnsafeBytes(of: head) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: record.facts)
            guard bytes.count >= part / 2 else { continue }
            guard write(file, bytes) else { return false }
            bytes.removeAll(keepingCapacity: true)
        }
        return write(file, bytes)
    }

    private static func write(_ file: Int32, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                #if canImport(Darwin)
                let count = Darwin.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                #elseif canImport(Musl)
                let count = Musl.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                #else
                let count = Glibc.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                #endif
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }
}
