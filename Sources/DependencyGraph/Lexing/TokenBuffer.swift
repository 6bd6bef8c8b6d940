/// A buffer for the tokens of one file, reused for the next file. One per thread.
final class TokenBuffer {
    /// The largest number of tokens, 32 MB. A file with more is read up to there.
    static let limit = 2_000_000
    private static let kept = 65_536

    private(set) var storage: UnsafeMutablePointer<Token>
    private(set) var count = 0
    private var capacity: Int

    init() {
        capacity = Self.kept
        storage = .allocate(capacity: capacity)
    }

    deinit { storage.deallocate() }

    var isFull: Bool { count >= Self.limit }

    @inline(__always)
    func append(_ token: Token) {
        if count == capacity { grow() }
        storage[count] = token
        count &+= 1
    }

    @inline(__always)
    var last: Token? { count > 0 ? storage[count &- 1] : nil }

    @inline(__always)
    var beforeLast: Token? { count > 1 ? storage[count &- 2] : nil }

    /// Makes the last token an ordinary identifier.
    func clearKeyword() {
        if count > 0 { storage[count - 1].byte = 0 }
    }

    /// Removes the tokens. Frees the memory too if one file needed much more than most.
    func removeAll() {
        count = 0
        guard capacity > 16 * Self.kept else { return }
        storage.deallocate()
        capacity = Self.kept
        storage = .allocate(capacity: capacity)
    }

    private func grow() {
        let larger = UnsafeMutablePointer<Token>.allocate(capacity: capacity * 2)
        larger.update(from: storage, count: count)
        storage.deallocate()
        storage = larger
        capacity *= 2
    }
}
