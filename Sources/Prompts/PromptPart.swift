/// The parts of a prompt. The raw values are the words of a template.
package enum PromptPart: String, Sendable, CaseIterable {
    case title
    case goal
    case files
    case task
    case neighbours
    case landed
    case lessons
    case messages
    case transcripts
    case note
    case failure
    case mail
    case rules
    case done
    case avoid

    /// Default maximum of tokens. `context.budget_tokens` applies to lessons, messages and transcripts together.
    package var defaultBudget: Int {
        switch self {
        case .title: 200
        case .goal: 2000
        case .files: 1500
        case .task: 1500
        case .neighbours: 2000
        case .landed: 800
        case .lessons, .messages, .transcripts: 2000
        case .note: 1000
        case .failure: 1800
        case .mail: 600
        case .rules: 1000
        case .done: 1000
        case .avoid: 500
        }
    }

    /// Parts that share `context.budget_tokens`, in the order in which they use it.
    package static let shared: [PromptPart] = [.lessons, .messages, .transcripts]
}
