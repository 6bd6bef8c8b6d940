/// The function or type that Git names in the head of a hunk.
enum HunkPlace {
    /// - Parameter line: such as `@@ -3,7 +3,7 @@ def load(path):`.
    /// - Returns: the name before the first bracket, or else the last name.
    static func name(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 4)
        guard parts.count == 5 else { return nil }
        var names: [String] = []
        var name: [UInt8] = []
        func end() {
            let text = String(decoding: name, as: UTF8.self)
            if !name.isEmpty, !Keywords.all.contains(text) { names.append(text) }
            name = []
        }
        for byte in parts[4] {
            if isPart(byte) {
                name.append(byte)
            } else {
                let isCall = byte == UInt8(ascii: "(") && !name.isEmpty
                let known = names.count
                end()
                if isCall, names.count > known { return names.last }
            }
        }
        end()
        return names.last
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
