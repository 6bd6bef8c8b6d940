import Git
import Model

/// Rejects new conflict markers.
struct ConflictMarkerGuard: DiffGuard {
    let rule = "Leave no conflict markers."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            guard !change.isBinary, let new = diff.new(change) else { return nil }
            let found = Self.markers(new.bytes)
            guard let first = found.opening.first ?? found.closing.first else { return nil }
            let before = diff.old(change).map { Self.markers($0.bytes) } ?? Markers()
            // A quoted mail may start a line with '>>>>>>> ', but has no '=======' line.
            let isNew =
                found.opening.count > before.opening.count
                || found.closing.count > before.closing.count && found.middle > before.middle
            return isNew ? Objection(path: change.path, line: first, reason: "is a conflict marker") : nil
        }
    }

    struct Markers {
        /// Lines, counted from 1.
        var opening: [Int] = []
        var closing: [Int] = []
        var middle = 0
    }

    /// Finds seven equal bytes at the start of a line, followed by a space and a label or by nothing, as Git writes them.
    static func markers(_ bytes: [UInt8]) -> Markers {
        var result = Markers()
        var line = 1
        var start = 0
        let count = bytes.count
        bytes.withUnsafeBufferPointer { bytes in
            while start < count {
                let byte = bytes[start]
                let isMarker =
                    (byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "="))
                    && start + 7 <= count && (start + 1..<start + 7).allSatisfy { bytes[$0] == byte }
                let next = start + 7 < count ? bytes[start + 7] : 0x0A
                switch (byte, next) {
                case _ where !isMarker: break
                case (UInt8(ascii: "<"), 0x20): result.opening.append(line)
                case (UInt8(ascii: ">"), 0x20): result.closing.append(line)
                case (UInt8(ascii: "="), 0x0A), (UInt8(ascii: "="), 0x0D): result.middle += 1
                default: break
                }
                while start < count, bytes[start] != 0x0A { start += 1 }
                start += 1
                line += 1
            }
        }
        return result
    }
}

/// Rejects files that lost all their code without being deleted.
struct EmptiedFileGuard: DiffGuard {
    let rule = "Empty no file; delete one that is not needed any more."

    /// Minimum number of lines before. A line of an `__init__.py` or a coding line may be removed.
    private static let fewestLines = 6

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            guard !change.isBinary, let old = diff.old(change), let new = diff.new(change),
                Self.isEmpty(new), !Self.isEmpty(old), Self.lines(old) >= Self.fewestLines
            else { return nil }
            let what = new.bytes.allSatisfy { $0 <= 0x20 } ? "is empty now" : "holds nothing but comments now"
            return Objection(path: change.path, reason: "\(what); it had \(Self.lines(old)) lines")
        }
    }

    private static func isEmpty(_ file: FileVersion) -> Bool {
        file.bytes.allSatisfy { $0 <= 0x20 } || file.figures?.hasCode == false
    }

    private static func lines(_ file: FileVersion) -> Int {
        file.bytes.split(separator: 0x0A).count { line in line.contains { $0 > 0x20 } }
    }
}

/// Rejects comments in place of code.
struct PlaceholderGuard: DiffGuard {
    let rule = "Write code out in full: no placeholder such as `... existing code ...` or `rest unchanged`."

    func objections(to diff: AttemptDiff) -> [Objection] {
        Surplus.objections(
            to: diff,
            read: { version in
                // The scanner of a page reads its scripts alone.
                let known = PlaceholderText.isMarkup(version.path) ? nil : version.figures?.placeholders
                return known ?? PlaceholderText.marks(in: version.bytes, path: version.path)
            }
        ) {
            "replaces code: '\($0.text)'"
        }
    }
}

/// Rejects new comments and attributes that silence a checker.
struct SuppressionGuard: DiffGuard {
    let rule =
        "Silence no compiler, type checker or linter: add no `# noqa`, `# type: ignore`, `@ts-ignore`, "
        + "`eslint-disable`, `#[allow]`, `@SuppressWarnings` or the like."

    func objections(to diff: AttemptDiff) -> [Objection] {
        Surplus.objections(to: diff, read: { $0.figures?.suppressions ?? [] }) {
            "silences a checker: '\($0.text)'"
        }
    }
}

/// A finding in a line, counted before and after an attempt.
struct LineMark: Sendable, Equatable {
    /// Marks of one group may stand for one another.
    var group: String
    /// Counted from 1.
    var line: Int
    /// The line without white space around it, shortened.
    var text: String
}

/// Finds marks that files have more of than before.
///
/// Counts per file, so that editing a marked line is allowed. A line that another file of the diff lost has only moved.
enum Surplus {
    static func objections(
        to diff: AttemptDiff, read: (FileVersion) -> [LineMark], reason: (LineMark) -> String
    ) -> [Objection] {
        var added: [(path: String, mark: LineMark)] = []
        var lost: [String: Int] = [:]
        for change in diff.changes where !change.isBinary {
            let old = diff.old(change).map(read) ?? []
            let new = diff.new(change).map(read) ?? []
            for group in Set(old.map(\.group) + new.map(\.group)).sorted() {
                let rest = unmatched(old.filter { $0.group == group }, new.filter { $0.group == group })
                // Lines that differ on both sides count as edited.
                added += rest.new.dropFirst(rest.old.count).map { (change.path, $0) }
                for mark in rest.old.dropFirst(rest.new.count) { lost[key(mark), default: 0] += 1 }
            }
        }
        return added.compactMap { path, mark in
            if let count = lost[key(mark)], count > 0 {
                lost[key(mark)] = count - 1
                return nil
            }
            return Objection(path: path, line: mark.line, reason: reason(mark))
        }
    }

    private static func key(_ mark: LineMark) -> String { "\(mark.group) \(mark.text)" }

    /// Returns what is left of both sides after removing equal lines.
    private static func unmatched(_ old: [LineMark], _ new: [LineMark]) -> (old: [LineMark], new: [LineMark]) {
        var counts: [String: Int] = [:]
        for mark in old { counts[mark.text, default: 0] += 1 }
        var rest: [LineMark] = []
        for mark in new {
            if let count = counts[mark.text], count > 0 { counts[mark.text] = count - 1 } else { rest.append(mark) }
        }
        let left = old.filter { mark in
            guard let count = counts[mark.text], count > 0 else { return false }
            counts[mark.text] = count - 1
            return true
        }
        return (left, rest)
    }
}
