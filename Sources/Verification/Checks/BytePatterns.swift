/// Searches for any of several short strings in one pass.
struct BytePatterns: Sendable {
    private let byFirstByte: [[[UInt8]]]

    init(_ patterns: [String]) {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for pattern in patterns {
            let bytes = Array(pattern.utf8)
            if let first = bytes.first { table[Int(first)].append(bytes) }
        }
        byFirstByte = table
    }

    func occur(in text: ArraySlice<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in
            for index in text.indices {
                for pattern in byFirstByte[Int(text[index])] where index + pattern.count <= text.count {
                    var offset = 1
                    while offset < pattern.count, text[index + offset] == pattern[offset] { offset += 1 }
                    if offset == pattern.count { return true }
                }
            }
            return false
        }
    }
}
