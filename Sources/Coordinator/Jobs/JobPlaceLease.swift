import Foundation
import Jobs
import Model
import Store

/// A slot of this machine for one repository, which no other order uses meanwhile.
///
/// Each number has a state folder of its own, so that what the set-up made is there for the next order, and two orders
/// never share a file.
struct JobPlaceLease: Sendable {
    /// Counted from 0.
    let number: Int
    let state: StateFolder
    private let lock: FileLock
    /// Names the processes of the order that uses the place, until it has ended.
    private let user: String

    /// More orders than this never run on one machine at once.
    static let most = 256

    /// Takes the first free number. Blocks.
    init(root: String, order: JobOrder, environment: [String: String]) throws {
        let places = "\(root)/places/\(order.repository)"
        try FileManager.default.createDirectory(
            atPath: places, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for number in 0..<Self.most {
            guard let lock = try FileLock.take("\(places)/\(number).lock") else { continue }
            self.lock = lock
            self.number = number
            user = "\(places)/\(number).user"
            state = StateFolder(path: "\(places)/\(number)")
            try state.make()
            return
        }
        throw NoPlace()
    }

    /// Ends what an order has left here whose own process was killed, and writes down who comes now.
    ///
    /// - Parameter marker: names the processes of the order.
    func begin(_ marker: String) async {
        let earlier = (try? UntrustedFile.read(user, limit: 1 << 16)).flatMap { $0 }
        for marker in Set([earlier.map { String(decoding: $0, as: UTF8.self) }, marker].compactMap { $0 }) {
            _ = await ProcessRunner(marker: marker).sweep()
        }
        try? Data(marker.utf8).write(to: URL(fileURLWithPath: user), options: .atomic)
    }

    /// The order has ended and has left no process.
    func end() { unlink(user) }

    struct NoPlace: Error, CustomStringConvertible {
        var description: String { "\(JobPlaceLease.most) attempts run on this machine already" }
    }

    /// Whether the place has not prepared slots for a run yet. Set-up steps without inputs run once for each run.
    func beginsRun(_ run: RunID, plan: String) -> Bool {
        let file = "\(state.slots)/\(plan)/setup/generation"
        return (try? String(contentsOfFile: file, encoding: .utf8)) != run.rawValue
    }
}
