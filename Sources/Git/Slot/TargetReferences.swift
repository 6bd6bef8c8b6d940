/// The branches and tags of a target repository, as a slot copies them. A worker that moves one moves the copy.
struct TargetReferences {
    let commonDirectory: String

    private static let folders = ["refs/heads", "refs/tags", "refs/remotes"]
    /// Branches of tasks are for the coordinator alone, and there are as many as tasks.
    private static let hidden = "refs/heads/orchestrate-task/"
    /// Levels of folders below `refs`; a file system holds no deeper ones by far.
    private static let deepest = 64

    /// The references in the format of `packed-refs`.
    ///
    /// Has no header, so that Git sorts the lines itself and looks at each tag for what it names.
    var packed: [UInt8] {
        var values = packedValues()
        for folder in Self.folders { addLoose(folder, depth: 0, to: &values) }
        var text = ""
        for (name, id) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text += "\(id) \(name)\n"
        }
        return Array(text.utf8)
    }

    private func packedValues() -> [String: Substring] {
        guard let bytes = FileSystem.read("\(commonDirectory)/packed-refs") else { return [:] }
        var values: [String: Substring] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            // Other lines are a header or, with `^`, what the tag before names.
            guard let space = line.firstIndex(of: " "), Self.isID(line[..<space]) else { continue }
            let name = String(line[line.index(after: space)...])
            if Self.isShown(name) { values[name] = line[..<space] }
        }
        return values
    }

    /// Adds the references that have a file of their own, which replaces a packed line. Symbolic ones are left out.
    private func addLoose(_ folder: String, depth: Int, to values: inout [String: Substring]) {
        guard depth < Self.deepest else { return }
        for entry in FileSystem.names(in: "\(commonDirectory)/\(folder)") {
            let name = "\(folder)/\(entry)"
            let path = "\(commonDirectory)/\(name)"
            if FileSystem.isDirectory(path) {
                if Self.isShown("\(name)/") { addLoose(name, depth: depth + 1, to: &values) }
            } else if let text = FileSystem.text(path), Self.isID(text[...]), Self.isShown(name) {
                values[name] = text[...]
            }
        }
    }

    private static func isShown(_ name: String) -> Bool {
        folders.contains { name.hasPrefix("\($0)/") } && !name.hasPrefix(hidden) && !name.hasSuffix(".lock")
    }

    private static func isID(_ text: Substring) -> Bool { text.utf8.count == 40 && text.allSatisfy(\.isHexDigit) }
}
