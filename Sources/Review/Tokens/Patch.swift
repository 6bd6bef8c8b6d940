/// The changed lines of a commit, without their context.
package struct Patch: Sendable, Equatable {
    /// Lines that were replaced in one place.
    struct Block: Sendable, Equatable {
        var removed: [[UInt8]] = []
        var added: [[UInt8]] = []
        var isEmpty: Bool { removed.isEmpty && added.isEmpty }
    }

    /// The changes of one file.
    struct File: Sendable, Equatable {
        enum Kind: String, Sendable {
            case changed
            case added
            case deleted
            case renamed
            case mode
            case binary
        }

        var kind = Kind.changed
        /// The extension in lower case, or the whole name of a file without one.
        var language = ""
        var blocks: [Block] = []
        /// Functions or types that hunks are in, as far as Git names them.
        var places: Set<String> = []
    }

    private(set) var files: [File] = []
    /// Added plus removed lines.
    package private(set) var lines = 0

    /// The languages of the files, sorted.
    package var language: String { Set(files.map(\.language)).sorted().joined(separator: " ") }

    /// - Parameter diff: a unified diff, as Git prints it.
    package init(diff: String) {
        var reader = Reader()
        var text = diff
        text.withUTF8 { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                reader.take(line)
            }
        }
        reader.endFile()
        files = reader.files
        lines = reader.lines
    }

    private struct Reader {
        typealias Line = Slice<UnsafeBufferPointer<UInt8>>

        var files: [File] = []
        var lines = 0
        private var file: File?
        private var block = Block()
        /// Lines of the hunk that are still to come.
        private var oldLeft = 0
        private var newLeft = 0

        mutating func take(_ line: Line) {
            if oldLeft > 0 || newLeft > 0, takeContent(line) { return }
            endBlock()
            if Self.begins(line, "diff --git ") {
                endFile()
                file = File()
                nameFile(line)
            } else if Self.begins(line, "@@ -") {
                beginHunk(line)
            } else if Self.begins(line, "+++ ") || Self.begins(line, "--- ") {
                nameFile(line)
            } else {
                header(line)
            }
        }

        private mutating func header(_ line: Line) {
            if Self.begins(line, "new file mode") { file?.kind = .added }
            if Self.begins(line, "deleted file mode") { file?.kind = .deleted }
            if Self.begins(line, "rename from ") { file?.kind = .renamed }
            if Self.begins(line, "old mode ") { file?.kind = .mode }
            if Self.begins(line, "Binary files ") || Self.begins(line, "GIT binary patch") { file?.kind = .binary }
        }

        private mutating func takeContent(_ line: Line) -> Bool {
            switch line.first {
            case UInt8(ascii: "-"):
                // An added line before a removed one ends a block.
                if !block.added.isEmpty { endBlock() }
                oldLeft -= 1
                block.removed.append(Array(line.dropFirst()))
            case UInt8(ascii: "+"):
                newLeft -= 1
                block.added.append(Array(line.dropFirst()))
            case UInt8(ascii: " "), nil:
                endBlock()
                oldLeft -= 1
                newLeft -= 1
            case UInt8(ascii: "\\"): break
            default: return false
            }
            return true
        }

        private mutating func endBlock() {
            guard !block.isEmpty else { return }
            lines += block.removed.count + block.added.count
            file?.blocks.append(block)
            block = Block()
        }

        mutating func endFile() {
            endBlock()
            if let file { files.append(file) }
            file = nil
            (oldLeft, newLeft) = (0, 0)
        }

        private mutating func beginHunk(_ line: Line) {
            let counts = line.split(separator: UInt8(ascii: " ")).dropFirst().prefix(2).map(Self.count)
            guard counts.count == 2 else { return }
            (oldLeft, newLeft) = (counts[0], counts[1])
            if let name = HunkPlace.name(line) { file?.places.insert(name) }
        }

        /// The number of lines in `-12,3` or `+12`.
        private static func count(_ range: Line) -> Int {
            let parts = range.split(separator: UInt8(ascii: ","))
            guard parts.count == 2 else { return 1 }
            return Int(String(decoding: parts[1], as: UTF8.self)) ?? 1
        }

        private mutating func nameFile(_ line: Line) {
            let name = line.split(separator: UInt8(ascii: "/")).last ?? line
            guard name.count > 0, !line.elementsEqual("+++ /dev/null".utf8), !line.elementsEqual("--- /dev/null".utf8)
            else { return }
            let text = String(decoding: name, as: UTF8.self).split(separator: "\"").first.map(String.init) ?? ""
            file?.language =
                (text.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? text)
                .lowercased()
        }

        private static func begins(_ line: Line, _ text: StaticString) -> Bool {
            line.count >= text.utf8CodeUnitCount
                && text.withUTF8Buffer { $0.elementsEqual(line.prefix($0.count)) }
        }
    }
}
