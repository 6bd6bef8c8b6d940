import Foundation

/// The folder through which a worker and the coordinator communicate; see docs/job-folder.md.
package struct JobFolder: Sendable, Equatable {
    /// Absolute path.
    package let path: String

    /// Refers to an existing folder.
    package init(existing path: String) { self.path = path }

    package var description: String { "\(path)/job.json" }
    package var prompt: String { "\(path)/prompt.md" }
    package var inbox: String { "\(path)/inbox" }
    package var outbox: String { "\(path)/outbox" }
    package var outcome: String { "\(path)/outcome.json" }
    package var graph: String { "\(path)/graph.json" }
    package var log: String { "\(path)/log" }
    package var transcript: String { "\(path)/transcript" }
    /// Events read from the transcript: one JSON object per line, with its time.
    package var events: String { "\(path)/events" }
    /// Tells programs that speak the Model Context Protocol how to reach the coordinator.
    package var mcp: String { "\(path)/mcp.json" }
    /// The changes of the attempt as a patch, for guards and reviewers.
    package var diff: String { "\(path)/changes.diff" }

    /// Creates the folder of one attempt.
    ///
    /// Anything at the path is deleted. It can only come from a coordinator that was killed before it recorded the
    /// attempt, because a recorded attempt is never started again.
    ///
    /// - Parameters:
    ///   - path: absolute; missing parent directories are created.
    ///   - prompt: content of `prompt.md`.
    package static func create(
        at path: String, description: JobDescription, prompt: String
    ) throws(JobsError) -> JobFolder {
        let folder = JobFolder(existing: path)
        try folder.makeDirectories()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let json = try? encoder.encode(description) else { throw .file(folder.description, .write(EINVAL)) }
        try UntrustedFile.create(folder.description, Array(json) + [UInt8(ascii: "\n")])
        try UntrustedFile.create(folder.prompt, Array(prompt.utf8))
        return folder
    }

    private func makeDirectories() throws(JobsError) {
        if mkdir(path, 0o700) != 0 {
            let files = FileManager.default
            do {
                if errno == EEXIST { try files.removeItem(atPath: path) }
                try files.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw .file(path, .write(errno))
            }
        }
        for directory in [inbox, outbox] where mkdir(directory, 0o700) != 0 { throw .file(directory, .write(errno)) }
    }
}
