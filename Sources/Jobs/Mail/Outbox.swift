/// A job's outbox as the coordinator reads it: capped, and with nothing in it believed but its text.
package struct Outbox: Sendable {
    package enum Content: Sendable, Equatable {
        case mail(OutgoingMail)
        /// A request to run the task's checks on the slot as it is.
        case check
        /// A request to look for messages that hold all these words.
        case search(String)
    }

    package struct Arrival: Sendable, Equatable {
        /// The file's name, by which it is known when it is seen again.
        package var name: String
        package var content: Content
    }

    /// Messages that one attempt may send.
    package static let mostMessages = 100
    /// Bytes of text that one attempt may send.
    package static let mostBytes = 256 << 10
    /// Requests for checks or for a search that one attempt may make, each.
    package static let mostRequests = 50
    private static let longestSearch = 1 << 10
    /// Names looked at in one go: nobody sends as many in good faith.
    private static let listed = 20_000

    private let directory: MailDirectory
    /// Files that have been looked at: one that cannot be moved away is not looked at again.
    private var seen: Set<String> = []
    private var messages = 0
    private var bytes = 0
    private var checks = 0
    private var searches = 0
    /// What was refused or left out, for people: a sentence and how often.
    private var refusals: [(reason: String, count: Int)] = []

    /// - Throws: where something else has been put in the outbox's place.
    package init(_ folder: JobFolder) throws(JobsError) { directory = try MailDirectory(folder.outbox) }

    /// Looks for new files, in the order of their names.
    ///
    /// A box that has had its share is only looked at for the last time, to tell how much was dropped.
    ///
    /// - Parameters:
    ///   - isLast: the job has ended.
    ///   - known: whether a file was taken in before, by a coordinator that did not get to move it away.
    package mutating func collect(isLast: Bool = false, known: (String) -> Bool) -> [Arrival] {
        guard isLast || messages < Self.mostMessages, let names = try? directory.names(limit: Self.listed) else {
            return []
        }
        var arrivals: [Arrival] = []
        for name in names where !Self.folders.contains(name) && seen.insert(name).inserted {
            if known(name) {
                set(name, aside: Self.taken)
            } else if let content = content(of: name) {
                arrivals.append(Arrival(name: name, content: content))
            } else if messages < Self.mostMessages {
                set(name, aside: Self.refused)
            }
        }
        return arrivals
    }

    /// Its fact is stored: the file is moved out of the way.
    package func finish(_ name: String) {
        set(name, aside: Self.taken)
    }

    /// What was refused or left out since this was last asked, one sentence each.
    package mutating func takeRefusals() -> [String] {
        defer { refusals = [] }
        return refusals.map { $0.count == 1 ? $0.reason : "\($0.reason) (\($0.count) times)" }
    }

    /// One that was refused for another reason than its form.
    package mutating func refuse(_ name: String, because reason: String) {
        note(reason)
        set(name, aside: Self.refused)
    }

    private static let taken = "taken"
    private static let refused = "refused"
    private static let folders: Set<String> = [taken, refused]

    private func set(_ name: String, aside folder: String) {
        // A worker that has broken its own outbox is told of nothing; its files are known by name anyway.
        _ = try? directory.move(name, into: folder)
    }

    private mutating func content(of name: String) -> Content? {
        do {
            guard Self.isPlain(name) else { return refusal("a file had a name that is not allowed") }
            if name.hasPrefix("check-") {
                checks += 1
                return checks <= Self.mostRequests
                    ? .check : refusal("more than \(Self.mostRequests) requests for checks were made")
            }
            if name.hasPrefix("search-") {
                searches += 1
                guard searches <= Self.mostRequests,
                    let words = try directory.read(name, limit: Self.longestSearch)
                else { return refusal("more than \(Self.mostRequests) searches were made") }
                return .search(String(decoding: words, as: UTF8.self))
            }
            guard messages < Self.mostMessages else {
                return refusal("more than \(Self.mostMessages) messages were sent; the rest was dropped")
            }
            guard let content = try directory.read(name, limit: OutgoingMail.largestFile) else { return nil }
            switch OutgoingMail.parse(content) {
            case .failure(let problem): return refusal("a file of the outbox \(problem.reason)")
            case .success(let (mail, remark)):
                guard bytes + mail.body.utf8.count <= Self.mostBytes else {
                    return refusal("more than \(Self.mostBytes) bytes of messages were sent; the rest was dropped")
                }
                messages += 1
                bytes += mail.body.utf8.count
                if let remark { note(remark) }
                return .mail(mail)
            }
        } catch {
            if case .file(_, .tooLarge(let limit)) = error {
                return refusal("a file of the outbox was larger than \(limit) bytes")
            }
            return refusal("something in the outbox was no plain file")
        }
    }

    private mutating func refusal(_ reason: String) -> Content? {
        note(reason)
        return nil
    }

    private mutating func note(_ reason: String) {
        if let index = refusals.firstIndex(where: { $0.reason == reason }) {
            refusals[index].count += 1
        } else if refusals.count < 20 {
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
