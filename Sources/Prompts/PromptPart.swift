/// The parts of a prompt. The raw values are the words of a template.
///
/// The standard order begins with what all tasks of a run share, byte for byte, so that providers' caches of prompts
/// apply. What is the task's own comes last.
package enum PromptPart: String, Sendable, CaseIterable {
    case goal
    case way
    case avoid
    case rules
    case conventions
    case playbook
    case examples
    case mail
    /// Diffs of the first landed tasks with files of the same kind.
    case solved
    case title
    case files
    case done
    /// How to split the task; in the last turn of one that was split, what became of its parts.
    case split
    case task
    case note
    case failure
    /// Conventions of the directories of the task's files.
    case directories
    case neighbours
    case landed
    case lessons
    case messages
    case transcripts

    /// Default maximum of tokens. `context.budget_tokens` applies to lessons, messages and transcripts together.
    package var defaultBudget: Int {
        switch self {
        case .title: 200
        case .goal: 2000
        case .way: 300
        case .files: 1500
        case .task: 1500
        case .neighbours: 2000
        case .landed: 800
        case .lessons, .messages, .transcripts: 2000
        case .note: 1000
        case .failure: 1800
        case .mail: 600
        case .rules: 600
        case .conventions: 2000
        case .directories: 800
        case .playbook: 3000
        case .examples: 2000
        case .solved: 900
        case .done: 1000
        case .split: 1500
        case .avoid: 500
        }
    }

    /// Parts that share `context.budget_tokens`, in the order in which they use it.
    package static let shared: [PromptPart] = [.lessons, .messages, .transcripts]

    /// Parts without which a task can be done, in the order in which a prompt that must be smaller loses them.
    package static let expendable: [PromptPart] = [
        .transcripts, .messages, .neighbours, .solved, .landed, .lessons, .conventions, .directories, .examples,
        .playbook, .mail,
    ]
}
