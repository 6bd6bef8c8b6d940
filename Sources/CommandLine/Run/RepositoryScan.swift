import Git
import Model
import ProjectScan

extension ProjectFiles {
    /// Bytes of a file that a scan reads.
    private static let longestRead = 1 << 20

    /// Reads the files of a commit, and the names of git-ignored files of the checkout.
    init(_ repository: Repository, at commit: ObjectID) throws {
        let reader = try GitBlobReader(repository)
        let entries = try repository.files(inTree: repository.treeOf(commit)).entries
        let files = entries.filter(\.mode.isFile)
        let blobs = Dictionary(files.map { ($0.path, $0.id) }) { first, _ in first }
        var sizes: [String: Int] = [:]
        for file in files { sizes[file.path] = try? reader.size(of: file.id) }
        let known = sizes
        self.init(
            paths: files.map(\.path), sizes: sizes, ignored: try repository.ignoredEntries(),
            submodules: entries.filter { $0.mode == .submodule }.map(\.path)
        ) { path in
            guard let id = blobs[path], known[path, default: 0] <= Self.longestRead else { return nil }
            return (try? reader.read(id)).flatMap { String(validating: $0, as: UTF8.self) }
        }
    }
}
