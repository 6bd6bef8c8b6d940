import Git
import Jobs
import Model

/// A slot that is lent to one attempt or check. Its calls run on threads that may block.
struct SlotLease: Sendable {
    /// Counted from 0.
    let number: Int
    /// Absolute path of the checkout.
    let treePath: String
    private let slot: Blocking<Slot>
    private let setup: SlotSetup?
    private let rules: SetupRules

    init(_ slot: Slot, number: Int, setup: SlotSetup?, rules: SetupRules) {
        self.number = number
        treePath = slot.treePath
        LinkLedger.shared.follow(treePath)
        self.slot = Blocking(slot)
        self.setup = setup
        self.rules = rules
    }

    /// Makes the checkout equal to a commit, with what the set-up makes for it.
    ///
    /// - Returns: the set-up steps that had to run.
    /// - Throws: `SetupFailure`, `GitError`.
    @discardableResult
    func move(to commit: ObjectID) async throws -> [CheckResult] {
        guard let setup else {
            try await place(commit, nil)
            return []
        }
        return try await setup.lend(commit, by: rules) { made in
            try await place(commit, made?.template)
            return made?.ran ?? []
        }
    }

    /// Makes the checkout equal to a commit, with the files of a template.
    func place(_ commit: ObjectID, _ template: SlotTemplate?) async throws(GitError) {
        _ = try await slot { (slot) throws(GitError) in
            if LinkLedger.shared.takeMark(of: slot.treePath) { slot.distrustWatch() }
            return try slot.move(to: commit, with: template)
        }
    }

    /// Moves what Git ignores in the checkout into a new template.
    func makeTemplate(_ request: TemplateRequest) async throws(GitError) -> SlotTemplate {
        try await slot { (slot) throws(GitError) in try slot.makeTemplate(request) }
    }

    /// Returns the name of what the set-up makes for a commit; empty if it makes nothing.
    func setupKey(of commit: ObjectID) async throws -> String { try await setup?.key(of: commit, rules) ?? "" }

    /// Records what a worker did.
    /// - Parameter files: recorded although they are ignored.
    func capture(including files: [String]) async throws(GitError) -> Capture {
        try await slot { (slot) throws(GitError) in
            if LinkLedger.shared.takeMark(of: slot.treePath) { slot.distrustWatch() }
            return try slot.capture(including: files)
        }
    }

    /// Makes the checkout exactly a commit again before a check is run again. Returns whether that succeeded.
    func restore(_ commit: ObjectID) async -> Bool {
        do {
            try await move(to: commit)
            return true
        } catch {
            return false
        }
    }
}
