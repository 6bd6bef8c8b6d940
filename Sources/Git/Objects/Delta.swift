/// The form in which packs store an object as changes of another (gitformat-pack(5), "Deltified representation").
enum Delta {
    /// The size of the object that a delta makes.
    /// - Parameter size: of the base.
    /// - Returns: nil if the delta is for a base of another size.
    static func resultSize(_ delta: UnsafeRawBufferPointer, base size: Int) -> Int? {
        var place = 0
        guard number(delta, &place) == size else { return nil }
        return number(delta, &place)
    }

    /// - Parameters:
    ///   - output: of the size that `resultSize` returned.
    /// - Returns: whether the delta was well formed and filled the output.
    static func apply(
        _ delta: UnsafeRawBufferPointer, to base: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        var place = 0
        guard number(delta, &place) == base.count, number(delta, &place) == output.count else { return false }
        var done = 0
        while place < delta.count {
            let command = delta[place]
            place += 1
            let part: UnsafeRawBufferPointer
            if command & 0x80 != 0 {
                guard let (offset, size) = copied(command, delta, &place), offset + size <= base.count else {
                    return false
                }
                part = UnsafeRawBufferPointer(rebasing: base[offset..<offset + size])
            } else {
                let size = Int(command)
                guard size > 0, place + size <= delta.count else { return false }
                part = UnsafeRawBufferPointer(rebasing: delta[place..<place + size])
                place += size
            }
            guard done + part.count <= output.count else { return false }
            UnsafeMutableRawBufferPointer(rebasing: output[done..<done + part.count]).copyMemory(from: part)
            done += part.count
        }
        return done == output.count
    }

    /// The part of the base that a command copies. Bits of the command say which bytes of offset and size follow.
    private static func copied(
        _ command: UInt8, _ delta: UnsafeRawBufferPointer, _ place: inout Int
    ) -> (offset: Int, size: Int)? {
        var value = 0
        for bit in 0..<7 where command & 1 << UInt8(bit) != 0 {
            guard place < delta.count else { return nil }
            value |= Int(delta[place]) << (bit * 8)
            place += 1
        }
        let size = value >> 32
        return (value & 0xFFFF_FFFF, size == 0 ? 0x10000 : size)
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Int? {
        var value = 0
        var shift = 0
        while place < bytes.count, shift < 56 {
            let byte = bytes[place]
            place += 1
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        return nil
    }
}
