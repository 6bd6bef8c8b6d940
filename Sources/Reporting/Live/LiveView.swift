package import Model

/// The state of the live view: which screen is open, what is selected, and what a person is typing.
///
/// It knows no terminal. Keys go in through `press`, which returns what has to be done outside.
package struct LiveView: Sendable, Equatable {
    package enum Screen: Sendable, Hashable {
        case overview
        case task(TaskID)
        /// The landing queue as a chain.
        case queue
        case failures
        case questions
        case messages
        /// The waves of the plan and the critical path.
        case graph
        case help
    }

    /// A page of the task screen.
    package enum Tab: String, Sendable, CaseIterable {
        case why, timeline, checks, diff, prompt, transcript, log, messages
    }

    /// How the rows of the overview are grouped.
    package enum Grouping: String, Sendable, CaseIterable {
        /// By who has to act.
        case actor
        case state, worker, directory
    }

    /// A line that a person types.
    package struct Input: Sendable, Equatable {
        package enum Purpose: Sendable, Equatable {
            case filter, search, command
            case note(TaskID)
            case answer(Int)
        }

        package var purpose: Purpose
        package var text: String
    }

    /// A question before something that is hard to undo.
    package struct Confirmation: Sendable, Equatable {
        package var question: String
        package var effect: LiveEffect
    }

    /// What the last key did, or why it did nothing.
    package struct Notice: Sendable, Equatable {
        package var text: String
        package var role: Style.Role?
    }

    /// The open screens; the last one is shown.
    package internal(set) var screens: [Screen] = [.overview]
    package internal(set) var tab = Tab.why
    /// The selected line of the overview, by its identity.
    package internal(set) var selected: String?
    package internal(set) var grouping = Grouping.actor
    package internal(set) var filter = ""
    /// Groups of the overview of which all rows are shown.
    package internal(set) var expanded: Set<String> = []
    package internal(set) var isPeeking = false
    package internal(set) var input: Input?
    package internal(set) var confirmation: Confirmation?
    package internal(set) var notice: Notice?
    /// The part of the overview that is shown.
    package internal(set) var window = ScrollWindow()
    /// The part of an open text that is shown.
    package internal(set) var reading = ScrollWindow()
    package internal(set) var search = ""
    /// Whether the end of the open text stays in view.
    package internal(set) var isFollowing = false
    package internal(set) var width = 80
    package internal(set) var height = 24
    /// Whether the end of the view ends the run.
    package let isOwner: Bool

    /// - Parameter isOwner: whether the run works in this program, so that leaving the view stops it.
    package init(isOwner: Bool) { self.isOwner = isOwner }

    package var screen: Screen { screens.last ?? .overview }

    /// The smallest terminal that the view is drawn on.
    package static let leastWidth = 80
    package static let leastHeight = 24

    /// The text that the open screen shows; nil for a screen drawn from the document alone.
    package var part: LivePart? {
        switch screen {
        case .overview, .queue, .questions, .help: nil
        case .task(let task): .task(task, tab)
        case .failures: .failures
        case .messages: .messages
        case .graph: .graph
        }
    }

    package mutating func resize(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Shows what a command came to.
    package mutating func show(_ text: String, isProblem: Bool = false) {
        notice = Notice(text: text, role: isProblem ? .bad : .good)
    }
}

/// A text that is made outside of the document, because it is long or about one task.
package enum LivePart: Sendable, Hashable {
    case task(TaskID, LiveView.Tab)
    case failures, messages, graph
}

/// What has to be done outside of the view.
package enum LiveEffect: Sendable, Equatable {
    case command(Control.Command)
    case answer(question: Int, text: String)
    case copy(String)
    /// Show the review queue, until the person leaves it.
    case review
    /// Show the open text in the user's pager.
    case page
    /// End the view.
    case leave
    /// Stop the program until it is continued.
    case suspend
    /// Draw everything again.
    case redraw
}

/// A line of a text screen.
package struct LiveLine: Sendable, Equatable {
    package var text: String
    package var role: Style.Role?

    package init(_ text: String, _ role: Style.Role? = nil) {
        self.text = text
        self.role = role
    }
}

/// What the view shows.
package struct LiveData: Sendable, Equatable {
    package var document: StatusDocument
    /// The lines of `LiveView.part`.
    package var lines: [LiveLine]
    /// The working directory of the repository, for links to files.
    package var repository: String?

    package init(document: StatusDocument, lines: [LiveLine] = [], repository: String? = nil) {
        self.document = document
        self.lines = lines
        self.repository = repository
    }
}
