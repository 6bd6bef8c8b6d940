/// Copies parts of a file and replaces the values of secret variables by the variables' names.
struct RedactedCopy {
    private let source: UntrustedFile.Reader
    private let redaction: Redaction
    private let isFirstByte: [Bool]
    private let longest: Int

    private static let chunkSize = 1 << 16

    init(source: UntrustedFile.Reader, secrets: [JobEnvironment.Secret]) {
        self.source = source
        redaction = Redaction(secrets)
        var first = [Bool](repeating: false, count: 256)
        for pattern in redaction.patterns { first[Int(pattern.value[0])] = true }
        isFirstByte = first
        longest = redaction.patterns.first?.value.count ?? 1
    }

    /// Copies a range of the file. A secret that crosses an end of the range is replaced as a whole.
    func run(_ range: Range<Int>, into writer: inout LogTrimmer.Writer) throws(JobsError) {
        var position = max(0, range.lowerBound - (longest - 1))
        while position < range.upperBound {
            // A match that starts in this chunk may extend into the bytes after it.
            let bytes = try source.read(at: position, count: Self.chunkSize + longest - 1)
            guard !bytes.isEmpty else { return }
            let end = min(position + min(bytes.count, Self.chunkSize), range.upperBound)
            var index = 0
            var copied = 0
            while position + index < end {
                guard isFirstByte[Int(bytes[index])], let secret = redaction.match(in: bytes, at: index) else {
                    index += 1
                    continue
                }
                try copy(bytes, copied..<index, at: position, notBefore: range.lowerBound, into: &writer)
                index += secret.value.count
                copied = index
                if position + index > range.lowerBound { try writer.write(secret.replacement[...]) }
            }
            try copy(bytes, copied..<max(copied, index), at: position, notBefore: range.lowerBound, into: &writer)
            position += index
        }
    }

    private func copy(
        _ bytes: [UInt8], _ range: Range<Int>, at position: Int, notBefore: Int, into writer: inout LogTrimmer.Writer
    ) throws(JobsError) {
        let start = max(range.lowerBound, notBefore - position)
        if start < range.upperBound { try writer.write(bytes[start..<range.upperBound]) }
    }
}
