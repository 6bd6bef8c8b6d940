import Coordinator
import Foundation
import Model
import Store
import TestSupport
import Testing

extension Workshop {
    /// Whether the runs that a test has made are decided again when it ends.
    enum Replaying: Sendable {
        case every
        /// - Parameter reason: why their logs cannot be read.
        case none(reason: String)
    }

    /// Does what `orchestrate replay` does with every run of every state folder; a difference fails the test.
    ///
    /// In the tests' own process: it needs the log alone, so also runs whose repository is damaged are held against it.
    func replayAll() {
        guard case .every = replaying else { return }
        let folder = directory.appending("state/orchestrate")
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let store = "\(folder)/\(name)/state.sqlite"
            guard FileManager.default.fileExists(atPath: store) else { continue }
            do {
                let logs = try StoreReader(path: store).read { view in
                    try view.runs().map { (run: $0.id, events: try view.events(of: $0.id)) }
                }
                for log in logs { Self.replay(log.run.description, log.events) }
            } catch {
                Issue.record("the log of \(name) cannot be replayed: \(error)")
            }
        }
    }

    private static func replay(_ run: String, _ events: [LoggedEvent]) {
        guard let replay = RunReplay(events) else {
            Issue.record("the log of \(run) is no series of facts and decisions that begins with its start")
            return
        }
        if let difference = replay.difference { Issue.record("\(run) is decided otherwise now: \(difference)") }
    }
}
