import Git
import Jobs
import Model

/// The changes of an attempt, as guards see them. Contents are read on demand.
///
/// Contents come from Git objects, never from the slot, so a process that still runs there cannot change what is judged.
final class AttemptDiff {
    let task: MigrationTask
    let changes: [FileChange]
    /// Values of the job's environment that must not get into a file.
    let secrets: [JobEnvironment.Secret]
    private let blob: GuardList.BlobSource?
    private var versions: [VersionKey: FileVersion] = [:]
    /// The first object that could not be read.
    private(set) var fault: GitError?

    init(
        _ changes: [FileChange], of task: MigrationTask, secrets: [JobEnvironment.Secret] = [],
        blob: GuardList.BlobSource? = nil
    ) {
        self.changes = changes
        self.task = task
        self.secrets = secrets
        self.blob = blob
    }

    /// Returns the file before the attempt; nil if there was none, or a link or submodule.
    func old(_ change: FileChange) -> FileVersion? {
        change.oldMode?.isFile == true ? version(change.oldID, change.path) : nil
    }

    /// Returns the file after the attempt; nil if there is none, or a link or submodule.
    func new(_ change: FileChange) -> FileVersion? {
        change.newMode?.isFile == true ? version(change.newID, change.path) : nil
    }

    /// Returns the target of a new or changed link.
    func newLink(_ change: FileChange) -> String? {
        guard change.newMode == .symbolicLink, let id = change.newID, let bytes = read(id) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The path counts too: the same bytes under two names may be of two languages.
    private struct VersionKey: Hashable {
        var id: ObjectID
        var path: String
    }

    private func version(_ id: ObjectID?, _ path: String) -> FileVersion? {
        guard let key = id.map({ VersionKey(id: $0, path: path) }) else { return nil }
        if let known = versions[key] { return known }
        guard let bytes = read(key.id) else { return nil }
        let version = FileVersion(path: path, bytes: bytes)
        versions[key] = version
        return version
    }

    private func read(_ id: ObjectID) -> [UInt8]? {
        guard let blob, fault == nil else { return nil }
        do throws(GitError) {
            return try blob(id)
        } catch {
            fault = error
            return nil
        }
    }
}

/// The content of a file before or after an attempt.
final class FileVersion {
    let path: String
    let bytes: [UInt8]
    /// The figures of its source; nil if its language is not known or it is too large.
    private(set) lazy var figures = bytes.count > Self.mostSource ? nil : SourceFigures(bytes, path: path)

    /// Maximum size of a file that is split into tokens, in bytes. Larger files are data or the output of a bundler.
    private static let mostSource = 4 << 20

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Returns the line of a byte, counted from 1.
    func line(at offset: Int) -> Int {
        bytes.prefix(offset).reduce(into: 1) { line, byte in if byte == 0x0A { line += 1 } }
    }
}
