#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A template in a slot, with the state in which each of its files was left there.
struct LaidTemplate {
    let template: SlotTemplate
    /// By position in the template's list.
    var states: [FileState]
    /// Whether all of its directories are watched.
    var isWatched = false
}

/// The template to make of a slot's checkout.
package struct TemplateRequest: Sendable {
    package var key: String
    /// Absolute path of the template's folder.
    package var folder: String
    /// Paths to take although the commit's rules do not ignore them: submodules, and what only the user's own rules
    /// ignore.
    package var including: [String]

    package init(key: String, folder: String, including: [String] = []) {
        self.key = key
        self.folder = folder
        self.including = including
    }
}

extension SlotState {
    private var recordPath: String { "\(controlPath)/template" }

    /// Makes the owned paths of a template copies of its files. Returns the number of files that were copied.
    /// - Parameter touched: the only paths that may differ; nil for all.
    func lay(
        _ template: SlotTemplate?, in directories: NewDirectory, touched: TouchedPaths?, _ writer: inout CheckoutWriter
    ) throws(GitError) -> Int {
        guard let template else {
            laid = nil
            unlink(recordPath)
            return 0
        }
        guard let root = Directory(path: treePath) else {
            throw .fileSystem(operation: "enter", path: treePath, code: errno)
        }
        if let touched, try isUntouched(template, touched, &writer) { return 0 }
        let old = known(of: template)
        var comparison = TemplateComparison(
            template, known: old, cache: cache, directories: directories, watch: watch)
        try comparison.run(root)
        if comparison.isEqual, laid?.template === template {
            laid?.isWatched = comparison.isWatched
            return 0
        }
        let copies = try TemplateCopies(template, to: treePath).write(comparison.missing)
        for position in comparison.unfinished {
            try writer.finish(template.nodes[position.node], directories, at: position.path)
        }
        var states = comparison.states
        if let last = copies.map(\.state).max(by: { $0.isRacy(since: $1) == false }) {
            let stamp = try stamp(after: last)
            for copy in copies { states[copy.node] = copy.state.isRacy(since: stamp) ? FileState() : copy.state }
        }
        laid = LaidTemplate(template: template, states: states, isWatched: comparison.isWatched)
        let record = Array("\(template.key)\n".utf8) + states.withUnsafeBytes { Array($0) }
        try FileSystem.replace(recordPath, with: record)
        return copies.count
    }

    /// Returns whether a template is in the slot as it was left, by what was touched since then.
    private func isUntouched(
        _ template: SlotTemplate, _ touched: TouchedPaths, _ writer: inout CheckoutWriter
    ) throws(GitError) -> Bool {
        guard let laid, laid.template === template, laid.isWatched,
            !touched.directories.contains(where: { template.owns($0) })
        else { return false }
        var left = Self.mostLookedUp
        for path in touched.names {
            if template.leadsToOwned(path) { return false }
            guard template.owns(path) else { continue }
            left -= 1
            // A file that was only read is as it was.
            guard left > 0, let place = template.find(path), let status = try writer.status(path),
                FileState(status) == laid.states[place]
            else { return false }
        }
        return true
    }

    /// Number of files that are looked up one by one. More take longer than a comparison.
    private static let mostLookedUp = 500

    /// Returns the states in which the files of a template were left in the slot. Unknown ones are never equal to that of
    /// a file.
    private func known(of template: SlotTemplate) -> [FileState] {
        if let laid, laid.template.key == template.key { return laid.states }
        var states = [FileState](repeating: FileState(), count: template.nodes.count)
        let head = Array("\(template.key)\n".utf8)
        guard let record = FileSystem.read(recordPath), record.starts(with: head) else { return states }
        let bytes = record[head.count...]
        guard bytes.count == states.count * MemoryLayout<FileState>.stride else { return states }
        states.withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
        return states
    }

    func makeTemplate(_ request: TemplateRequest) throws(GitError) -> SlotTemplate {
        guard position != nil, let root = Directory(path: treePath) else {
            throw .unknownRevision("HEAD", repository: directory)
        }
        unsettle()
        let including = request.including.map { Array($0.utf8) }
        let owned = (laid?.template.rootSet ?? []).union(including)
        let scan = TreeScan(cache: cache, rules: rules, owned: owned)
        try scan.run(root, objects)
        let ignored = scan.ignored + scan.untracked.filter { $0.kind == .selfIgnored }.map(\.path)
        var roots: [RawPath] = []
        let origins = Set(laid?.template.origins.map { String(decoding: $0, as: UTF8.self) } ?? []).union([treePath])
        let builder = try TemplateBuilder(key: request.key, folder: request.folder, origins: origins.sorted())
        for path in ignored {
            try builder.take(path, from: root, leavesDirectory: cache.find(path) != nil)
            roots.append(path)
        }
        return try builder.finish(roots: roots)
    }
}

extension SlotTemplate {
    /// Makes a template of copies of files.
    ///
    /// - Parameters:
    ///   - source: absolute path of the folder that has the files.
    ///   - paths: of files and links, from that folder.
    ///   - roots: the paths that the template owns.
    package static func make(
        _ request: TemplateRequest, copying paths: [String], of source: String, roots: [String]
    ) throws(GitError) -> SlotTemplate {
        guard let directory = Directory(path: source) else {
            throw .fileSystem(operation: "enter", path: source, code: errno)
        }
        let builder = try TemplateBuilder(key: request.key, folder: request.folder, origins: [source])
        for path in paths { try builder.copy(Array(path.utf8), from: directory) }
        return try builder.finish(roots: roots.map { Array($0.utf8) })
    }
}
