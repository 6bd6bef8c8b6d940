import Foundation
import Git
import Model
import Synchronization

/// The slots of a run. Each is lent to one attempt or check at a time.
final class SlotPool: Sendable {
    private struct State {
        var free: [Int]
        var open: [Int: Slot] = [:]
        var waiters: [CheckedContinuation<Int, Never>] = []
    }

    private let state: Mutex<State>
    private let folder: String
    private let target: Repository
    private let numbers: Range<Int>
    private let setup: SlotSetup?

    /// - Parameters:
    ///   - folder: absolute path of the directory that holds the slots' directories.
    ///   - numbers: the slots' numbers. A slot is created when it is first lent.
    ///   - setup: gives slots what they need beside a commit.
    init(folder: String, target: Repository, numbers: Range<Int>, setup: SlotSetup? = nil) {
        self.setup = setup
        self.folder = folder
        self.target = target
        self.numbers = numbers
        state = Mutex(State(free: numbers.reversed()))
    }

    /// Waits for a slot and lends it to the body.
    /// - Parameter rules: the set-up of the stage; nil for that of the plan.
    func withSlot<Result: Sendable>(
        _ rules: SetupRules? = nil, _ body: (SlotLease) async throws -> Result
    ) async throws -> Result {
        let number = await take()
        defer { giveBack(number) }
        let lease = SlotLease(
            try await slot(number), number: number, setup: setup, rules: rules ?? setup?.rules ?? SetupRules())
        return try await body(lease)
    }

    /// Returns the name of what the set-up makes for a commit; empty if it makes nothing.
    func setupKey(of commit: ObjectID, _ rules: SetupRules?) async throws -> String {
        guard let setup else { return "" }
        return try await setup.key(of: commit, rules ?? setup.rules)
    }

    /// Resets every slot to the files of a commit, including slots of earlier coordinators. No slot may be in use.
    func clear(at commit: ObjectID) async {
        for number in numbers {
            let folder = "\(folder)/\(number)"
            guard await blocking({ FileManager.default.fileExists(atPath: folder) }) else { continue }
            // A slot that cannot be cleared now is cleared when it is next lent.
            guard let slot = try? await slot(number) else { continue }
            try? await blocking { () throws(GitError) in
                slot.distrustWatch()
                try slot.clear(at: commit)
            }
        }
    }

    private func slot(_ number: Int) async throws(GitError) -> Slot {
        if let known = state.withLock({ $0.open[number] }) { return known }
        let (folder, target) = (folder, target)
        let slot = try await blocking { () throws(GitError) in try Slot(at: "\(folder)/\(number)", target: target) }
        state.withLock { $0.open[number] = slot }
        return slot
    }

    /// How many wait for a slot now.
    var waiting: Int { state.withLock { $0.waiters.count } }

    private func take() async -> Int {
        await withCheckedContinuation { continuation in
            let number = state.withLock { state -> Int? in
                if let number = state.free.popLast() { return number }
                state.waiters.append(continuation)
                return nil
            }
            if let number { continuation.resume(returning: number) }
        }
    }

    private func giveBack(_ number: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Int, Never>? in
            if state.waiters.isEmpty {
                state.free.append(number)
                return nil
            }
            return state.waiters.removeFirst()
        }
        waiter?.resume(returning: number)
    }
}
