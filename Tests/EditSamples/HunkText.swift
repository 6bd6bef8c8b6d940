/// The lines of one hunk as Git prints them: changes that touch are one block, with the removed lines first.
struct HunkText {
    private var lines: [String] = []
    private var removed: [String] = []
    private var added: [String] = []
    private var old = 0
    private var new = 0

    mutating func keep(_ line: String) {
        flush()
        lines.append(" \(line)")
        old += 1
        new += 1
    }

    mutating func change(_ before: [String], to after: [String]) {
        removed += before
        added += after
        old += before.count
        new += after.count
    }

    private mutating func flush() {
        lines += removed.map { "-\($0)" } + added.map { "+\($0)" }
        (removed, added) = ([], [])
    }

    /// Returns the difference of a file that consists of this hunk.
    /// - Parameter head: the lines between `diff --git` and the file names.
    func diff(path: String, head: [String]) -> String {
        var rest = self
        rest.flush()
        let names = ["--- a/\(path)", "+++ b/\(path)", "@@ -1,\(old) +1,\(new) @@"]
        return (["diff --git a/\(path) b/\(path)"] + head + names + rest.lines).joined(separator: "\n") + "\n"
    }
}
