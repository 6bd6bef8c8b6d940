import Foundation
import Jobs
package import Model

/// The side of an executor on the machine that runs jobs.
package struct JobHost: Sendable {
    let version: String
    private let program: String
    private let environment: [String: String]
    private let repositories: Repositories

    /// The repositories of the machine, which another target opens.
    package struct Repositories: Sendable {
        /// Returns the commits that the machine keeps of a repository, by the path of its Git directory.
        package var bases: @Sendable (String) -> [ObjectID]
        /// Fetches the base of the order in a folder, given the folder of the machine's files.
        package var fetchBase: @Sendable (_ folder: String, _ root: String) throws -> Void
        /// Deletes the references of the order in a folder, given the folder of the machine's files.
        package var forget: @Sendable (_ folder: String, _ root: String) throws -> Void

        package init(
            bases: @escaping @Sendable (String) -> [ObjectID],
            fetchBase: @escaping @Sendable (_ folder: String, _ root: String) throws -> Void,
            forget: @escaping @Sendable (_ folder: String, _ root: String) throws -> Void
        ) {
            self.bases = bases
            self.fetchBase = fetchBase
            self.forget = forget
        }
    }

    /// - Parameters:
    ///   - version: version of this program.
    ///   - program: absolute path of this program.
    package init(version: String, program: String, environment: [String: String], repositories: Repositories) {
        self.version = version
        self.program = program
        self.environment = environment
        self.repositories = repositories
    }

    /// Bytes that must be free before a job is accepted.
    private static let leastFree = 64 << 20
    /// Files of one outbox that one answer brings.
    private static let mostFiles = 100
    private static let largestMail = 1 << 20
    /// Bytes of news in one answer.
    private static let mostNews = 1 << 20
    /// Bytes. Larger files of a job stay on the machine.
    private static let largestFile = 64 << 20

    /// Answers a request.
    ///
    /// - Parameter request: nil if there was no room for its parcel.
    /// - Returns: the parcel of the answer; nil if there is no room for it.
    func answer(to request: FileHandle?) async -> FileHandle? {
        let incoming = FileManager.default.temporaryDirectory.path + "/orchestrate-host-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: incoming) }
        guard let request else { return try? Self.parcel(.refused(reason: Self.noRoom)) }
        let (reply, items) = await reply(from: request, staging: incoming)
        do {
            return try Self.parcel(reply, items)
        } catch {
            return try? Self.parcel(.refused(reason: "the answer cannot be written: \(error)"))
        }
    }

    private static let noRoom = "no room is left for the files of a job"

    private static func parcel(_ reply: HostReply, _ items: [Parcel.Item] = []) throws -> FileHandle {
        let file = try Spool.make()
        try Parcel.write(reply, items, to: file)
        try file.seek(toOffset: 0)
        return file
    }

    private func reply(from input: FileHandle, staging: String) async -> (HostReply, [Parcel.Item]) {
        do {
            let request = try Parcel.read(HostRequest.self, from: input, into: staging)
            guard request.program == version else {
                let hint =
                    request.engine.kind == .pod
                    ? "an image with the right one is needed" : "'orchestrate executors install' brings the right one"
                return (
                    .refused(reason: "orchestrate is \(version) there and \(request.program) here; \(hint)"), []
                )
            }
            return try await carryOut(request, staging: staging)
        } catch {
            return (.refused(reason: "\(error)"), [])
        }
    }

    private func carryOut(_ request: HostRequest, staging: String) async throws -> (HostReply, [Parcel.Item]) {
        var settings = request.engine
        settings.root = Self.expanded(settings.root, environment)
        let engine = JobEngine(settings: settings, program: program, environment: environment)
        let jobs = "\(settings.root)/jobs"
        try FileManager.default.createDirectory(
            atPath: jobs, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        switch request.operation {
        case .hello(let repository):
            return (
                .hello(
                    .init(
                        free: Self.free(at: jobs),
                        bases: repositories.bases("\(settings.root)/repositories/\(repository).git"))),
                []
            )
        case .submit(let job, let resources, let seconds):
            return (
                try await submit(
                    try Self.folder(job, in: jobs), from: staging, engine, resources: resources, seconds: seconds), []
            )
        case .exchange(let exchanges): return (.exchanged(try await exchange(exchanges, in: jobs, engine)), [])
        case .fetch(let job): return try fetch(try Self.folder(job, in: jobs))
        case .cancel(let names):
            try await engine.end(try names.map { try Self.folder($0, in: jobs) })
            return (.done, [])
        case .remove(let job):
            try remove(try Self.folder(job, in: jobs), root: settings.root)
            return (.done, [])
        case .endAll(let prefix):
            let names = try FileManager.default.contentsOfDirectory(atPath: jobs).filter {
                !prefix.isEmpty && $0.hasPrefix(prefix)
            }
            let folders = try names.map { try Self.folder($0, in: jobs) }
            try await engine.end(folders)
            for folder in folders { try remove(folder, root: settings.root) }
            return (.done, [])
        }
    }

    /// Returns a path with the home folder in place of `~/`.
    package static func expanded(_ path: String, _ environment: [String: String]) -> String {
        path.hasPrefix("~/") ? (environment["HOME"] ?? "") + path.dropFirst() : path
    }

    private static func folder(_ job: String, in jobs: String) throws -> OrderFolder {
        guard Parcel.isPlain(job), !job.contains("/") else { throw Parcel.Broken(description: "no name of a job") }
        return OrderFolder("\(jobs)/\(job)")
    }

    private static func free(at path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    }

    // MARK: Submitting

    private func submit(
        _ folder: OrderFolder, from staging: String, _ engine: JobEngine, resources: JobResources, seconds: Double
    ) async throws -> HostReply {
        let files = FileManager.default
        guard Self.free(at: (folder.path as NSString).deletingLastPathComponent) >= Self.leastFree else {
            return .refused(reason: Self.noRoom)
        }
        // Two submissions of one job may arrive together, after the answer to the first was lost.
        let gate = try FileLock.wait("\(folder.path).lock")
        defer { withExtendedLifetime(gate) {} }
        var isNew = false
        if !files.fileExists(atPath: folder.order) {
            if files.fileExists(atPath: folder.path) { try files.removeItem(atPath: folder.path) }
            let order = try OrderFolder(staging).readOrder()
            let job = OrderFolder(staging).job(of: order)
            for mail in [job?.inbox, job?.outbox].compactMap({ $0 }) {
                try files.createDirectory(
                    atPath: mail, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            // From now on the machine has the base, so later orders come without it.
            try repositories.fetchBase(staging, engine.settings.root)
            try files.moveItem(atPath: staging, toPath: folder.path)
            isNew = true
        }
        if !files.fileExists(atPath: folder.process), !files.fileExists(atPath: folder.result) {
            try await engine.start(folder, folder.readOrder(), resources: resources, seconds: seconds)
        }
        return .submitted(isNew: isNew)
    }

    private func remove(_ folder: OrderFolder, root: String) throws {
        if FileManager.default.fileExists(atPath: folder.path) {
            // A process that was killed has left them. They only keep objects.
            try? repositories.forget(folder.path, root)
            try FileManager.default.removeItem(atPath: folder.path)
        }
        unlink("\(folder.path).lock")
    }

    // MARK: Exchanging

    private func exchange(_ exchanges: [Exchange], in jobs: String, _ engine: JobEngine) async throws -> [Exchanged] {
        let folders = try exchanges.map { try Self.folder($0.ticket.job, in: jobs) }
        var states: [Exchanged.State?] = folders.map { folder in
            if FileManager.default.fileExists(atPath: folder.result) { return .ended }
            return FileManager.default.fileExists(atPath: folder.order)
                ? nil : .lost(reason: "the machine has no files of it")
        }
        let open = states.indices.filter { states[$0] == nil }
        for (index, state) in zip(open, await engine.states(open.map { folders[$0] })) { states[index] = state }
        return zip(exchanges, zip(folders, states)).map { exchange, found in
            var result = Exchanged(state: found.1 ?? .running)
            result.news = Self.news(of: found.0, from: exchange.newsRead)
            result.outbox = trade(exchange, in: found.0)
            return result
        }
    }

    private static func news(of folder: OrderFolder, from start: Int) -> [UInt8] {
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: folder.news)) else { return [] }
        defer { try? file.close() }
        try? file.seek(toOffset: UInt64(max(0, start)))
        let bytes = [UInt8]((try? file.read(upToCount: mostNews)) ?? Data())
        // The last line may be half written.
        return bytes.lastIndex(of: UInt8(ascii: "\n")).map { Array(bytes[...$0]) } ?? []
    }

    /// Writes what is for the inbox, and returns what is in the outbox.
    private func trade(_ exchange: Exchange, in folder: OrderFolder) -> [String: [UInt8]] {
        guard let order = try? folder.readOrder(), let job = folder.job(of: order) else { return [:] }
        if let inbox = try? MailDirectory(job.inbox) {
            for (name, bytes) in exchange.inbox where Parcel.isPlain(name) && !name.contains("/") {
                try? inbox.write(name, bytes)
            }
        }
        guard let outbox = try? MailDirectory(job.outbox) else { return [:] }
        for name in exchange.stored where Parcel.isPlain(name) && !name.contains("/") {
            _ = try? outbox.move(name, into: "taken")
        }
        var result: [String: [UInt8]] = [:]
        for name in (try? outbox.names(limit: 20_000)) ?? [] where result.count < Self.mostFiles {
            // Requests for checks are answered on the machine.
            if ["taken", "refused"].contains(name) || name.hasPrefix("check-") { continue }
            guard let bytes = try? outbox.read(name, limit: Self.largestMail) else {
                _ = try? outbox.move(name, into: "refused")
                continue
            }
            result[name] = bytes
        }
        return result
    }

    // MARK: Fetching

    private func fetch(_ folder: OrderFolder) throws -> (HostReply, [Parcel.Item]) {
        guard let result = try folder.readResult() else { return (.refused(reason: "the job has no result yet"), []) }
        let root = folder.files(of: try folder.readOrder())
        var items = [Parcel.Item(name: JobResult.bundleName, path: folder.bundle)]
        for path in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
            let parts = path.split(separator: "/")
            // The homes of workers stay, and mail has been exchanged.
            if parts.contains(where: { ["inbox", "outbox"].contains($0) || $0.hasPrefix("home-") }) { continue }
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
            guard attributes?[.type] as? FileAttributeType == .typeRegular,
                let size = attributes?[.size] as? NSNumber, size.intValue <= Self.largestFile
            else { continue }
            items.append(Parcel.Item(name: "jobs/\(path)", path: "\(root)/\(path)"))
        }
        return (.fetched(result), items)
    }
}
