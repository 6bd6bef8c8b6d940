import Synchronization

/// The jobs that could not be ended because their machines did not answer. They are ended once the machines answer
/// again.
final class AbandonedJobs: Sendable {
    private let jobs = Mutex<[Int: Set<String>]>([:])

    /// The machines that have such jobs.
    var machines: [Int] { jobs.withLock { $0.keys.sorted() } }

    func add(_ names: some Sequence<String>, on machine: Int) {
        jobs.withLock { $0[machine, default: []].formUnion(names) }
    }

    /// Removes and returns the jobs of a machine.
    func take(from machine: Int) -> [String] {
        jobs.withLock { $0.removeValue(forKey: machine) ?? [] }.sorted()
    }
}
