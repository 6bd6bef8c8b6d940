/// One statement about a file, made by a language's `scan`. The language defines the meaning of `kind`, `flags` and
/// `value`.
package struct FileFact: Sendable, Equatable {
    /// Place of the fact's text in the file's table of texts.
    package var text: UInt32
    /// Line counted from 1.
    package var line: UInt32
    package var value: UInt32
    package var kind: UInt8
    package var flags: UInt8
    /// The part of the file that the fact belongs to, for languages with nested scopes.
    package var scope: UInt16 = 0
}

/// The data stored for every file, scanned or not.
struct FileSummary: Equatable {
    var bytes = 0
    var lines = 0
    var traits: UInt8 = 0
    /// Place of the language in `LanguageRegistry` plus one; 0 for none.
    var language: UInt8 = 0
}

/// The facts of one file, read in place from the flat buffer that `FactWriter` made.
///
/// Layout, all numbers little endian and aligned to 4: `FactsHeader`; `textCount + 1` offsets (UInt32) into the text
/// bytes; the facts, 16 bytes each; the text bytes. Valid as long as the `FactStore` that it came from.
package struct FileFacts {
    struct Header {
        var bytes: UInt64 = 0
        var lines: UInt32 = 0
        var textCount: UInt32 = 0
        var factCount: UInt32 = 0
        var textBytes: UInt32 = 0
        var traits: UInt8 = 0
        /// Place of the language in `LanguageRegistry` plus one; 0 for none.
        var language: UInt8 = 0
        var unused1: UInt16 = 0
        var unused2: UInt32 = 0
        static let size = 32
    }

    let base: UnsafeRawPointer
    let header: Header

    init(_ base: UnsafeRawPointer) {
        self.base = base
        header = base.load(as: Header.self)
    }

    /// Reads a buffer that may have been damaged.
    /// - Returns: nil if the parts of the buffer do not fit into it.
    init?(checking buffer: UnsafeRawBufferPointer) {
        guard let base = buffer.baseAddress, buffer.count >= Header.size else { return nil }
        self.init(base)
        guard Self.size(header) <= buffer.count else { return nil }
    }

    static func size(_ header: Header) -> Int {
        let parts = Header.size + (Int(header.textCount) + 1) * 4 + Int(header.factCount) * 16 + Int(header.textBytes)
        return (parts + 7) & ~7
    }

    var summary: FileSummary {
        FileSummary(
            bytes: Int(clamping: header.bytes), lines: Int(header.lines), traits: header.traits,
            language: header.language)
    }

    package var isEmpty: Bool { header.factCount == 0 }
    package var count: Int { Int(header.factCount) }
    package var textCount: Int { Int(header.textCount) }

    private var textOffsets: UnsafeRawPointer { base + Header.size }
    private var facts: UnsafeRawPointer { textOffsets + (textCount + 1) * 4 }
    private var texts: UnsafeRawPointer { facts + count * 16 }

    /// The facts in the order in which the scan wrote them.
    package subscript(_ index: Int) -> FileFact {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "a fact's index is out of range")
            return facts.load(fromByteOffset: index &* 16, as: FileFact.self)
        }
    }

    /// The place after the run of facts of one kind that starts at `start`.
    package func run(of kind: UInt8, from start: Int) -> Int {
        var index = start
        while index < count, self[index].kind == kind { index += 1 }
        return index
    }

    package func text(_ fact: FileFact) -> Source.Bytes { text(Int(fact.text)) }

    /// A text by its place in the table. Empty if a damaged cache has no such text.
    package func text(_ index: Int) -> Source.Bytes {
        guard index >= 0, index < textCount else { return Source.Bytes(start: nil, count: 0) }
        let start = Int(textOffsets.load(fromByteOffset: index * 4, as: UInt32.self))
        let end = Int(textOffsets.load(fromByteOffset: index * 4 + 4, as: UInt32.self))
        guard start <= end, end <= Int(header.textBytes) else { return Source.Bytes(start: nil, count: 0) }
        return Source.Bytes(start: (texts + start).assumingMemoryBound(to: UInt8.self), count: end - start)
    }

    package func string(_ fact: FileFact) -> String { String(decoding: text(fact), as: UTF8.self) }
}
