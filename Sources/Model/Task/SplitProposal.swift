/// A worker's proposal to divide its task, in the form in which workers write it.
package struct SplitProposal: Codable, Sendable, Equatable {
    package struct Part: Codable, Sendable, Equatable {
        /// The name by which `after` of other parts refers to it; nil for its number.
        package var name: String?
        /// Paths from the root of the checkout.
        package var files: [String]
        /// What to do, in addition to the goal; may be empty.
        package var instructions: String
        /// Names or numbers of the parts that must land before it starts.
        package var after: [String]

        package init(name: String? = nil, files: [String], instructions: String = "", after: [String] = []) {
            self.name = name
            self.files = files
            self.instructions = instructions
            self.after = after
        }

        private enum CodingKeys: String, CodingKey, CaseIterable { case name, files, instructions, after }

        package init(from decoder: any Decoder) throws {
            try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.rawValue))
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decodeIfPresent(Word.self, forKey: .name)?.text
            files = try container.decode([String].self, forKey: .files)
            instructions = try container.decodeIfPresent(String.self, forKey: .instructions) ?? ""
            after = try container.decodeIfPresent([Word].self, forKey: .after)?.map(\.text) ?? []
        }
    }

    package var parts: [Part]
    /// What is left for the task's last turn; empty if its `done` checks say so.
    package var collate: String

    /// Bytes of the largest proposal that is read.
    package static let largest = 256 << 10
    /// Bytes kept of one text.
    package static let longestText = 16 << 10

    package init(parts: [Part], collate: String = "") {
        self.parts = parts
        self.collate = collate
    }

    private enum CodingKeys: String, CodingKey, CaseIterable { case parts, collate }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        parts = try container.decode([Part].self, forKey: .parts)
        collate = try container.decodeIfPresent(String.self, forKey: .collate) ?? ""
    }

    /// A proposal in which each part starts after the one before it.
    package var inOrder: SplitProposal {
        var result = self
        for index in parts.indices.dropFirst() where parts[index].after.isEmpty {
            result.parts[index].after = ["\(index)"]
        }
        return result
    }
}

/// A text that may be written as a number.
private struct Word: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            text = "\(number)"
        } else {
            text = try container.decode(String.self)
        }
    }
}

private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    fileprivate func refuseOtherKeys(than known: [String]) throws {
        guard let container = try? container(keyedBy: AnyKey.self) else { return }
        guard let other = container.allKeys.map(\.stringValue).sorted().first(where: { !known.contains($0) }) else {
            return
        }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath,
                debugDescription: "unknown key '\(other)'; the keys are \(known.joined(separator: ", "))"))
    }
}

extension SplitProposal {
    /// Returns what is wrong with the proposal by itself, in plain words; empty if it may be carried out.
    /// - Parameters:
    ///   - task: the task that is to be divided.
    ///   - most: maximum number of parts.
    package func problems(in task: MigrationTask, most: Int) -> [String] {
        guard !parts.isEmpty else { return ["it has no part"] }
        if parts.count > most { return ["it has \(parts.count) parts; the plan allows \(most) (workers.split.max)"] }
        let problems = fileProblems(in: task) + orderProblems
        return problems.isEmpty ? [] : Array(problems.prefix(Self.mostProblems))
    }

    private static let mostProblems = 20

    private func fileProblems(in task: MigrationTask) -> [String] {
        let own = Set(task.files)
        var problems: [String] = []
        var owner: [String: Int] = [:]
        for (index, part) in parts.enumerated() {
            let words = words(index)
            if part.files.isEmpty { problems.append("\(words) has no files") }
            for file in part.files {
                if !own.contains(file) { problems.append("\(words): '\(file)' is not one of the task's files") }
                if let other = owner[file] {
                    problems.append(
                        other == index
                            ? "\(words) names '\(file)' twice" : "'\(file)' is in \(self.words(other)) and in \(words)")
                }
                owner[file] = index
            }
        }
        if problems.isEmpty, parts.count == 1, owner.count == own.count {
            problems.append("its only part has all files of the task")
        }
        return problems
    }

    private var orderProblems: [String] {
        var problems: [String] = []
        let names = parts.indices.map(name)
        for (index, name) in names.enumerated() where names.firstIndex(of: name) != index {
            problems.append("two parts have the name '\(name)'")
        }
        for (index, part) in parts.enumerated() {
            for word in part.after where position(of: word) == nil {
                problems.append("\(words(index)): 'after' names '\(word)', which is no part")
            }
        }
        guard problems.isEmpty, let stuck = firstOnCycle else { return problems }
        return ["\(words(stuck)) waits for itself: 'after' makes a cycle"]
    }

    /// A part that can never start; nil if the order has no cycle.
    private var firstOnCycle: Int? {
        var open = Set(parts.indices)
        while let next = open.sorted().first(where: { predecessors(of: $0).isDisjoint(with: open) }) {
            open.remove(next)
        }
        // Not one that only waits for a cycle.
        return open.sorted().first { start in
            var seen: Set<Int> = []
            var stack = Array(predecessors(of: start))
            while let index = stack.popLast() {
                if seen.insert(index).inserted { stack += predecessors(of: index) }
            }
            return seen.contains(start)
        }
    }

    private func name(_ index: Int) -> String { parts[index].name ?? "\(index + 1)" }

    private func words(_ index: Int) -> String {
        parts[index].name.map { "part '\($0)'" } ?? "part \(index + 1)"
    }

    private func position(of word: String) -> Int? {
        parts.indices.first { name($0) == word } ?? Int(word).flatMap { parts.indices.contains($0 - 1) ? $0 - 1 : nil }
    }

    /// The parts that must be done before one of them, by position.
    package func predecessors(of index: Int) -> Set<Int> { Set(parts[index].after.compactMap(position)) }
}
