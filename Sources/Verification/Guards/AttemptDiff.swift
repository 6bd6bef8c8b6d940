import Git
import Jobs
import Model

/// What an attempt changed, as the guards see it: paths and modes at once, contents when one asks.
///
/// Contents come from Git objects, never from the slot: what a process that was left running there does to a file after
/// it was captured changes nothing.
final class AttemptDiff {
    let task: MigrationTask
    let changes: [FileChange]
    /// Values of the job's environment that must not get into a file.
    let secrets: [JobEnvironment.Secret]
    private let blob: GuardList.BlobSource?
    private var versions: [ObjectID: FileVersion] = [:]
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

    /// The file before, where there was one and it was no link or submodule.
    func old(_ change: FileChange) -> FileVersion? {
        change.oldMode?.isFile == true ? version(change.oldID, change.path) : nil
    }

    /// The file after, where there is one and it is no link or submodule.
    func new(_ change: FileChange) -> FileVersion? {
        change.newMode?.isFile == true ? version(change.newID, change.path) : nil
    }

    /// Where a new link leads to.
    func newLink(_ change: FileChange) -> String? {
        guard change.newMode == .symbolicLink, let id = change.newID, let bytes = read(id) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func version(_ id: ObjectID?, _ path: String) -> FileVersion? {
        guard let id else { return nil }
        // The same bytes under two names may be of two languages.
        if let known = versions[id], known.path == path { return known }
        guard let bytes = read(id) else { return nil }
        let version = FileVersion(path: path, bytes: bytes)
        versions[id] = version
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
    /// What it says as source; nil where its language is not known.
    private(set) lazy var figures = bytes.count > Self.mostSource ? nil : SourceFigures(bytes, path: path)

    /// Bytes of a file that is cut into tokens; larger ones are data or the output of a bundler.
    private static let mostSource = 4 << 20

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// The line that holds a byte, counted from 1.
    func line(at offset: Int) -> Int {
        bytes.prefix(offset).reduce(into: 1) { line, byte in if byte == 0x0A { line += 1 } }
    }
}
