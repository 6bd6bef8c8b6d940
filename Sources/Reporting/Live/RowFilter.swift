/// A filter of rows as a person types it: `s:failing w:codex d:src/ word`. A row has to match every part.
struct RowFilter: Sendable, Equatable {
    private enum Part: Equatable {
        /// A group or a state.
        case state(String)
        case worker(String)
        case owner(String)
        case directory(String)
        /// A part of the task, its title, a path or the action.
        case word(String)
    }

    private var parts: [Part]

    init(_ text: String) {
        parts = text.split(separator: " ").compactMap { word in
            let lower = word.lowercased()
            let value = String(lower.dropFirst(2))
            switch lower.prefix(2) {
            case "s:": return value.isEmpty ? nil : .state(value)
            case "w:": return value.isEmpty ? nil : .worker(value)
            case "o:": return value.isEmpty ? nil : .owner(value)
            // Paths keep their case.
            case "d:": return value.isEmpty ? nil : .directory(String(word.dropFirst(2)))
            default: return .word(lower)
            }
        }
    }

    var isEmpty: Bool { parts.isEmpty }

    func matches(_ row: TaskRow) -> Bool { parts.allSatisfy { matches(row, $0) } }

    private func matches(_ row: TaskRow, _ part: Part) -> Bool {
        switch part {
        case .state(let value): row.group.rawValue.hasPrefix(value) || row.state.hasPrefix(value)
        case .worker(let value): row.worker?.lowercased().contains(value) ?? false
        case .owner(let value): row.owners.contains { $0.lowercased().contains(value) }
        case .directory(let value): row.files.contains { $0.hasPrefix(value) }
        case .word(let value):
            [row.task, row.title, row.action].contains { $0.lowercased().contains(value) }
                || row.files.contains { $0.lowercased().contains(value) }
        }
    }
}
