/// The pieces of lines that were replaced in one place.
struct ReadBlock {
    var pieces: [Piece] = []
    /// The tokens of each line, if there are as many before as after and nothing is imported; else empty.
    var old: [[Token]] = []
    var new: [[Token]] = []
    /// One for each piece, if the block is one line; nil for another block.
    var regions: [Alignment.Region]?
}

/// Reads the pieces of a commit.
struct PieceReader {
    private(set) var lexicon = Lexicon()
    private(set) var table = ShapeTable()
    private var pieces: [Piece] = []

    /// The pieces of a commit by the blocks that they are in; never empty.
    mutating func read(_ patch: Patch) -> [ReadBlock] {
        var blocks: [ReadBlock] = []
        func take(_ pieces: inout [Piece]) {
            if !pieces.isEmpty { blocks.append(ReadBlock(pieces: pieces)) }
            pieces = []
        }
        pieces = []
        for file in patch.files {
            if file.kind != .changed { add(text: "file \(file.kind.rawValue)") }
            // The lines of a new or deleted file are no edit of anything.
            guard file.kind == .changed || file.kind == .renamed || file.kind == .mode else { continue }
            take(&pieces)
            for block in file.blocks {
                var read = self.read(block, file.language)
                read.pieces = pieces
                if read.regions?.count != pieces.count { read.regions = nil }
                if !pieces.isEmpty { blocks.append(read) }
                pieces = []
            }
        }
        if blocks.isEmpty, pieces.isEmpty { add(text: "white space only") }
        take(&pieces)
        return blocks
    }

    private mutating func add(text: String) { pieces.append(ShapeBuilder.piece(text: text, &table, &lexicon)) }

    /// Lines of a block that may be compared with templates.
    private static let mostLines = 12

    /// Adds the pieces of a block.
    /// - Returns: the block without its pieces.
    private mutating func read(_ block: Patch.Block, _ language: String) -> ReadBlock {
        var reader = TokenReader(language: language)
        var old = reader.read(block.removed, &lexicon)
        var new = reader.read(block.added, &lexicon)
        var result = ReadBlock()
        let imported = (takeImports(&old), takeImports(&new))
        add(imports: imported.0.subtracting(imported.1), isAdded: false)
        add(imports: imported.1.subtracting(imported.0), isAdded: true)
        let isPlain = imported.0.isEmpty && imported.1.isEmpty && block.removed.count == block.added.count
        if isPlain, block.removed.count <= Self.mostLines {
            result.old = Self.lines(old[...]).map(Array.init)
            result.new = Self.lines(new[...]).map(Array.init)
        }
        if let regions = Alignment(old: old, new: new).regions() {
            for (place, region) in regions.enumerated() {
                let surroundings = Surroundings(old: old, new: new, regions: regions, place: place)
                let first = pieces.count
                add(old[region.removed], new[region.added], surroundings)
                guard !result.old.isEmpty else { continue }
                let line =
                    region.added.isEmpty ? old[region.removed.lowerBound].line : new[region.added.lowerBound].line
                for piece in first..<pieces.count { pieces[piece].line = line }
            }
            if result.old.count == 1, result.new.count == 1 { result.regions = regions }
        } else {
            addLines(old, new)
        }
        // Imports are sets of names, so other lines with the same names are no edit.
        if !pieces.isEmpty || (imported.0.isEmpty && imported.1.isEmpty) {
            for kind in SpaceChange.kinds(in: block, language, isWhole: pieces.isEmpty) { add(text: kind.rawValue) }
        }
        return result
    }

    // MARK: Imports

    /// Takes the lines that import something out of the tokens.
    private func takeImports(_ tokens: inout [Token]) -> Set<ImportLine.Entry> {
        var entries: Set<ImportLine.Entry> = []
        var kept: [Token] = []
        for line in Self.lines(tokens[...]) {
            if let imported = ImportLine(line, lexicon) {
                entries.formUnion(imported.entries)
            } else {
                kept += line
            }
        }
        tokens = kept
        return entries
    }

    private mutating func add(imports: Set<ImportLine.Entry>, isAdded: Bool) {
        let sorted = imports.sorted { ($0.module, $0.name ?? "") < ($1.module, $1.name ?? "") }
        for entry in sorted {
            func text(_ word: String) -> Shape.Part { .text(lexicon.number(of: word)) }
            var slots = [
                Piece.Slot(value: lexicon.number(of: entry.module), rule: entry.name == nil ? .dominated : .ordinary)
            ]
            var parts = [text("import"), .slot(0, .word)]
            if let name = entry.name {
                slots.append(Piece.Slot(value: lexicon.number(of: name), rule: .dominated))
                parts = [text("from"), .slot(0, .word), text("import"), .slot(1, .word)]
            }
            let shape = isAdded ? Shape(added: parts) : Shape(removed: parts)
            pieces.append(Piece(shape: table.number(of: shape), slots: slots))
        }
    }

    // MARK: Regions

    private static func lines(_ tokens: ArraySlice<Token>) -> [ArraySlice<Token>] {
        var lines: [ArraySlice<Token>] = []
        var start = tokens.startIndex
        while start < tokens.endIndex {
            let end = tokens[start...].firstIndex { $0.line != tokens[start].line } ?? tokens.endIndex
            lines.append(tokens[start..<end])
            start = end
        }
        return lines
    }

    private mutating func add(
        _ removed: ArraySlice<Token>, _ added: ArraySlice<Token>, _ surroundings: Surroundings
    ) {
        let (oldCode, newCode) = (removed.filter { $0.kind != .comment }, added.filter { $0.kind != .comment })
        let (oldComments, newComments) = (
            removed.filter { $0.kind == .comment }, added.filter { $0.kind == .comment }
        )
        if oldComments.count == newComments.count {
            // One by one, so that their number in a row does not count.
            for (old, new) in zip(oldComments, newComments) { addCode([old], [new]) }
        } else {
            addCode(oldComments[...], newComments[...])
        }
        if !oldCode.isEmpty || !newCode.isEmpty { addCode(oldCode[...], newCode[...], surroundings) }
    }

    /// Lines that were only removed or only added are pieces of their own, so that their number does not count.
    private mutating func addCode(
        _ removed: ArraySlice<Token>, _ added: ArraySlice<Token>, _ surroundings: Surroundings? = nil
    ) {
        let origins = surroundings.map { surroundings in
            { (token: Token, lexicon: Lexicon) in surroundings.origins(of: token, lexicon) }
        }
        if removed.isEmpty || added.isEmpty {
            for line in Self.lines(removed) {
                pieces.append(ShapeBuilder.piece(removed: line, added: [], &table, &lexicon))
            }
            for line in Self.lines(added) {
                pieces.append(ShapeBuilder.piece(removed: [], added: line, &table, &lexicon, origins: origins))
            }
        } else {
            pieces.append(ShapeBuilder.piece(removed: removed, added: added, &table, &lexicon, origins: origins))
        }
    }

    /// The lines of one side that the other side does not have, for blocks that are too long to align.
    private mutating func addLines(_ old: [Token], _ new: [Token]) {
        func key(_ line: ArraySlice<Token>) -> [Int32] { line.map(\.text) }
        let (oldLines, newLines) = (Self.lines(old[...]), Self.lines(new[...]))
        let (oldKeys, newKeys) = (Set(oldLines.map(key)), Set(newLines.map(key)))
        for line in oldLines where !newKeys.contains(key(line)) {
            pieces.append(ShapeBuilder.piece(removed: line, added: [], &table, &lexicon))
        }
        for line in newLines where !oldKeys.contains(key(line)) {
            pieces.append(ShapeBuilder.piece(removed: [], added: line, &table, &lexicon))
        }
    }
}
