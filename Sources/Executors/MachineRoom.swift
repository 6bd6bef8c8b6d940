import Model
import Synchronization

/// The free slots of an executor's machines. A machine that does not answer gets no new jobs for a while.
final class MachineRoom: Sendable {
    private struct Machine {
        var slots: Int
        var used = 0
        /// When it may be tried again; nil if it answers.
        var rests: ContinuousClock.Instant?
        var faults = 0
        var reason = ""
    }

    private struct State {
        var machines: [Machine]
        var next: ContinuousClock.Instant
        /// Starts that are left in this wave.
        var left = 0
    }

    private let names: [String]
    private let state: Mutex<State>
    private let pause: Duration
    /// Starts that may follow each other at once.
    private let wave: Int

    /// Seconds that a machine rests after its first fault; twice as long after each further one.
    private static let firstRest = 1.0
    private static let longestRest = 60.0

    /// - Parameters:
    ///   - rate: starts per second, over all machines.
    ///   - inWaves: whether all starts of a second may come at once, as engines like it that start many as one.
    init(_ machines: [(name: String, slots: Int)], rate: Double, inWaves: Bool = false) {
        wave = inWaves ? max(1, Int(min(rate, 10_000))) : 1
        names = machines.map(\.name)
        state = Mutex(State(machines: machines.map { Machine(slots: $0.slots) }, next: .now))
        pause = .seconds(rate > 0 ? Double(wave) / rate : 0)
    }

    enum Answer {
        case machine(Int)
        /// All machines are full, or the rate is used up.
        case full
        /// No machine answers; the text says why.
        case unreachable(String)
    }

    /// Takes a slot of the machine with the most free ones.
    /// - Parameter refusing: machines that do not count.
    func take(without refusing: Set<Int> = []) -> Answer {
        state.withLock { state in
            let now = ContinuousClock.now
            if state.next > now, state.left == 0 { return .full }
            let asked = state.machines.indices.filter { !refusing.contains($0) }
            let awake = asked.filter { state.machines[$0].rests.map { $0 <= now } ?? true }
            guard !awake.isEmpty else {
                return .unreachable(
                    asked.map { state.machines[$0].reason }.first { !$0.isEmpty } ?? "no machine answers")
            }
            let best = awake.max { free(state.machines[$0]) < free(state.machines[$1]) }
            guard let best, free(state.machines[best]) > 0 else { return .full }
            state.machines[best].used += 1
            if state.next <= now { (state.next, state.left) = (now + pause, wave) }
            state.left -= 1
            return .machine(best)
        }
    }

    private func free(_ machine: Machine) -> Int {
        // One job at a time tries whether a machine answers again.
        machine.faults > 0 ? min(1, machine.slots - machine.used) : machine.slots - machine.used
    }

    func giveBack(_ index: Int) { state.withLock { $0.machines[index].used -= 1 } }

    func answered(_ index: Int) {
        state.withLock { state in
            state.machines[index].faults = 0
            state.machines[index].rests = nil
        }
    }

    func failed(_ index: Int, _ fault: ExecutorFault) {
        state.withLock { state in
            let faults = state.machines[index].faults
            let rest = min(Self.longestRest, Self.firstRest * Double(1 << min(faults, 10)))
            state.machines[index].faults = faults + 1
            state.machines[index].rests = .now + .seconds(rest)
            state.machines[index].reason = "\(fault)"
        }
    }

    func index(of name: String) -> Int? { names.firstIndex(of: name) }
}
