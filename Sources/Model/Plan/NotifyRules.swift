/// Where a run tells people that it needs them or has ended.
package struct NotifyRules: Codable, Sendable, Equatable {
    /// What people are told about.
    package enum Event: String, Codable, Sendable, CaseIterable {
        /// A question, an approval, or a task that a worker cannot do.
        case needsYou = "needs-you"
        case finished
        /// Four fifths of a limit of the budget are used.
        case budget
        /// Nothing new starts until a person continues the run, or the run has stopped before its end.
        case paused
    }

    /// A shell command. It gets the notification as JSON on standard input.
    package var run: String?
    /// A URL that gets the notification by POST.
    package var webhook: String?
    package var events: [Event]

    package init(run: String? = nil, webhook: String? = nil, events: [Event] = Event.allCases) {
        self.run = run
        self.webhook = webhook
        self.events = events
    }
}
