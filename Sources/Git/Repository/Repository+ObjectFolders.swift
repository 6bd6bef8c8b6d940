extension Repository {
    /// The folders that hold the repository's objects: its own folder and, recursively, its alternates.
    ///
    /// Reads `objects/info/alternates` as Git does: one path per line, relative to the objects folder that lists it, at most
    /// five levels deep.
    package var objectFolders: [String] {
        var result = [objectsDirectory]
        var level = result
        for _ in 0..<Self.deepestAlternates {
            level = level.flatMap { folder in
                Self.alternates(of: folder).map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
            }.filter { !result.contains($0) }
            if level.isEmpty { break }
            result += level
        }
        return result
    }

    private static let deepestAlternates = 5

    private static func alternates(of folder: String) -> [String] {
        guard let text = FileSystem.text("\(folder)/info/alternates") else { return [] }
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") && !$0.isEmpty }
    }
}
