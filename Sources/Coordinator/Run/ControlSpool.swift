import Foundation
package import Model
package import Store

/// The folder for a person's commands to a run, until its coordinator has answered them.
///
/// Each command is a file in `control/<plan>/` of the state folder, written aside and renamed into place, as in a
/// Maildir. A command stays in `new` until it is answered, so a killed coordinator loses none.
package struct ControlSpool: Sendable {
    /// The answer to a command.
    package struct Answer: Codable, Sendable, Equatable {
        package var isAccepted: Bool
        package var text: String

        package init(isAccepted: Bool, text: String) {
            self.isAccepted = isAccepted
            self.text = text
        }
    }

    private let folder: String

    package init(_ state: StateFolder, plan: String) { folder = "\(state.control)/\(plan)" }

    private var commands: String { "\(folder)/new" }
    private var answers: String { "\(folder)/answers" }
    private var aside: String { "\(folder)/tmp" }

    /// Puts a command into the spool.
    /// - Returns: the command's id, for `takeAnswer`.
    /// - Throws: `StoreError.folder`.
    package func send(_ command: Control.Command) throws(StoreError) -> String {
        // Names sort by time, so commands are carried out in the order in which they were given.
        let stamp = String(Int64(Date().timeIntervalSince1970 * 1_000_000))
        let id = "\(stamp)-\(ProcessInfo.processInfo.processIdentifier)"
        try write(Control(id: id, command: command), to: commands, id)
        return id
    }

    /// Removes a command that no coordinator will carry out.
    package func takeBack(_ id: String) { remove(commands, id) }

    /// Returns and removes the answer to a command; nil until the answer arrives.
    package func takeAnswer(_ id: String) -> Answer? {
        guard let answer = read(Answer.self, answers, id) else { return nil }
        remove(answers, id)
        return answer
    }

    /// Returns the unanswered commands, oldest first. Unreadable files are left out.
    package func pending() -> [Control] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: commands)) ?? []
        return names.filter { $0.hasSuffix(Self.suffix) }.sorted().compactMap { name in
            let control = read(Control.self, commands, String(name.dropLast(Self.suffix.count)))
            return control?.id == String(name.dropLast(Self.suffix.count)) ? control : nil
        }
    }

    /// Writes the answer to a command, and removes the command.
    func answer(_ id: String, _ answer: Answer) throws(StoreError) {
        try write(answer, to: answers, id)
        remove(commands, id)
    }

    /// Tells a person that a command is accepted, and keeps it for the coordinator.
    func acknowledge(_ id: String, _ text: String) {
        // If the answer cannot be written, the person waits for the coordinator's own.
        try? write(Answer(isAccepted: true, text: text), to: answers, id)
    }

    /// Age in seconds after which an answer is no longer waited for.
    private static let oldest = 60.0

    /// Removes answers that were not read in time.
    func clearOldAnswers() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: answers)) ?? [] {
            let path = "\(answers)/\(name)"
            let made = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            if let made, made.timeIntervalSinceNow > -Self.oldest { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private static let suffix = ".json"

    private func write(_ value: some Encodable, to place: String, _ id: String) throws(StoreError) {
        do {
            for folder in [aside, place] {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            let written = "\(aside)/\(id)\(Self.suffix)"
            try JSONEncoder().encode(value).write(to: URL(fileURLWithPath: written))
            guard rename(written, "\(place)/\(id)\(Self.suffix)") == 0 else {
                throw StoreError.folder(path: place, detail: String(cString: strerror(errno)))
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw .folder(path: place, detail: error.localizedDescription)
        }
    }

    private func read<Value: Decodable>(_ type: Value.Type, _ place: String, _ id: String) -> Value? {
        guard let data = FileManager.default.contents(atPath: "\(place)/\(id)\(Self.suffix)") else { return nil }
        return try? JSONDecoder().decode(type, from: data)
    }

    private func remove(_ place: String, _ id: String) {
        try? FileManager.default.removeItem(atPath: "\(place)/\(id)\(Self.suffix)")
    }
}
