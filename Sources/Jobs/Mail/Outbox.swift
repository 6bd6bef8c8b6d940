import Model

/// A job's outbox as the coordinator reads it: limited in size, and trusted for nothing but its text.
package struct Outbox: Sendable {
    package enum Content: Sendable, Equatable {
        case mail(OutgoingMail)
        /// A request to run the task's checks on the slot in its current state.
        case check
        /// A request for the messages that contain all these words.
        case search(String)
        /// A proposal to split the task, as it was written.
        case split([UInt8])
    }

    package struct Arrival: Sendable, Equatable {
        /// The file's name, which identifies the arrival if it is seen again.
        package var name: String
        package var content: Content
    }

    /// The number of messages that one attempt may send.
    package static let mostMessages = 100
    /// The bytes of text that one attempt may send.
    package static let mostBytes = 256 << 10
    /// The number of check requests, of searches, and of proposals to split the task that one attempt may make.
    package static let mostRequests = 50
    private static let longestSearch = 1 << 10
    /// Directory entries read per look. No well-behaved worker sends this many.
    private static let mostListed = 20_000
    private static let mostRefusals = 20

    private let directory: MailDirectory
    private let redaction: Redaction
    /// Names of files that have been handled. A file that cannot be moved away is not handled twice.
    private var seen: Set<String> = []
    private var messages = 0
    private var bytes = 0
    private var checks = 0
    private var searches = 0
    private var splits = 0
    /// Sentences for people about what was refused or left out, with a count.
    private var refusals: [(reason: String, count: Int)] = []

    /// - Parameter redaction: the values that must not leave the job.
    /// - Throws: `JobsError.file` if the outbox is missing or something else stands in its place.
    package init(_ folder: JobFolder, _ redaction: Redaction = .none) throws(JobsError) {
        directory = try MailDirectory(folder.outbox)
        self.redaction = redaction
    }

    private var isFull: Bool { messages >= Self.mostMessages }

    /// Returns the new files, in the order of their names.
    ///
    /// Once the limit of messages is reached, further messages are read only at the last call, to count what was
    /// dropped. Requests for checks and searches have limits of their own and are always answered.
    ///
    /// - Parameters:
    ///   - isLast: whether the job has ended.
    ///   - known: whether an earlier coordinator stored a file but did not move it away.
    package mutating func collect(isLast: Bool = false, known: (String) -> Bool) -> [Arrival] {
        guard let names = try? directory.names(limit: Self.mostListed) else { return [] }
        var arrivals: [Arrival] = []
        for name in names where !Self.folders.contains(name) && !seen.contains(name) {
            let isRequest = Request(name) != nil
            guard isRequest || isLast || !isFull else { continue }
            seen.insert(name)
            if known(name) {
                move(name, to: Self.taken)
            } else if let content = content(of: name) {
                arrivals.append(Arrival(name: name, content: content))
            } else if isRequest || !isFull {
                move(name, to: Self.refused)
            }
        }
        return arrivals
    }

    /// Moves a file out of the way after its fact is stored.
    package func finish(_ name: String) {
        move(name, to: Self.taken)
    }

    /// Returns what was refused or left out since the last call, one sentence each.
    package mutating func takeRefusals() -> [String] {
        defer { refusals = [] }
        return refusals.map { $0.count == 1 ? $0.reason : "\($0.reason) (\($0.count) times)" }
    }

    /// Refuses a well-formed file for a reason that the caller knows.
    package mutating func refuse(_ name: String, because reason: String) {
        note(reason)
        move(name, to: Self.refused)
    }

    private static let taken = "taken"
    private static let refused = "refused"
    private static let folders: Set<String> = [taken, refused]

    private func move(_ name: String, to folder: String) {
        // This fails only if a worker has broken its own outbox. The file is in `seen` anyway.
        _ = try? directory.move(name, into: folder)
    }

    /// A request, recognised by the prefix of the file's name.
    private enum Request {
        case check, search, split

        init?(_ name: String) {
            if name.hasPrefix("check-") {
                self = .check
            } else if name.hasPrefix("search-") {
                self = .search
            } else if name.hasPrefix("split-") {
                self = .split
            } else {
                return nil
            }
        }
    }

    private mutating func content(of name: String) -> Content? {
        do {
            guard Self.isPlain(name) else { return refusal("a file had a name that is not allowed") }
            switch Request(name) {
            case .check: return checkRequest()
            case .search: return try searchRequest(in: name)
            case .split: return try splitRequest(in: name)
            case nil: return try message(in: name)
            }
        } catch {
            if case .file(_, .tooLarge(let limit)) = error {
                return refusal("a file of the outbox was larger than \(limit) bytes")
            }
            return refusal("something in the outbox was not a plain file")
        }
    }

    private mutating func checkRequest() -> Content? {
        checks += 1
        guard checks <= Self.mostRequests else {
            return refusal("more than \(Self.mostRequests) requests for checks were made")
        }
        return .check
    }

    private mutating func searchRequest(in name: String) throws(JobsError) -> Content? {
        searches += 1
        guard searches <= Self.mostRequests else {
            return refusal("more than \(Self.mostRequests) searches were made")
        }
        guard let words = try directory.read(name, limit: Self.longestSearch) else { return nil }
        return .search(String(decoding: words, as: UTF8.self))
    }

    private mutating func splitRequest(in name: String) throws(JobsError) -> Content? {
        splits += 1
        guard splits <= Self.mostRequests else {
            return refusal("more than \(Self.mostRequests) proposals to split the task were made")
        }
        // A larger one is answered, and not only refused.
        guard let bytes = try directory.read(name, limit: 4 * SplitProposal.largest) else { return nil }
        return .split(bytes)
    }

    private mutating func message(in name: String) throws(JobsError) -> Content? {
        guard !isFull else {
            return refusal("more than \(Self.mostMessages) messages were sent; the rest was dropped")
        }
        guard let content = try directory.read(name, limit: OutgoingMail.largestFile) else { return nil }
        switch OutgoingMail.parse(content, redaction) {
        case .failure(let problem): return refusal("a file of the outbox \(problem.reason)")
        case .success(let (mail, remark)):
            let size = mail.body.utf8.count
            guard bytes + size <= Self.mostBytes else {
                return refusal("more than \(Self.mostBytes) bytes of messages were sent; the rest was dropped")
            }
            messages += 1
            bytes += size
            if let remark { note(remark) }
            return .mail(mail)
        }
    }

    private mutating func refusal(_ reason: String) -> Content? {
        note(reason)
        return nil
    }

    private mutating func note(_ reason: String) {
        if let index = refusals.firstIndex(where: { $0.reason == reason }) {
            refusals[index].count += 1
        } else if refusals.count < Self.mostRefusals {
            refusals.append((reason, 1))
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        name.utf8.count <= 120
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-".utf8.contains(byte)
            }
    }
}
