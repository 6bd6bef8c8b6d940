import Foundation
import Model

/// Requests to the program on a machine, and its answers.
struct HostCall: Sendable {
    let channel: HostChannel
    /// How jobs are started and looked at there.
    let engine: JobEngine.Settings

    var machine: String { channel.machine }

    /// Seconds for an answer without files.
    static let patience: Double = 60
    /// Seconds for files to arrive, and for jobs to end.
    static let longPatience: Double = 900

    /// Asks the machine.
    ///
    /// - Parameters:
    ///   - items: files to send.
    ///   - folder: absolute path of the folder for the files of the answer; nil if none are expected.
    func ask(
        _ operation: HostRequest.Operation, sending items: [Parcel.Item] = [], into folder: String? = nil,
        patience: Double = HostCall.patience
    ) async throws(ExecutorFault) -> HostReply {
        let request: FileHandle
        do {
            request = try Spool.make()
            try Parcel.write(
                HostRequest(program: channel.version, engine: engine, operation: operation), items, to: request)
            try request.seek(toOffset: 0)
        } catch {
            throw .refused(machine: machine, reason: "the request cannot be written: \(error)")
        }
        return try read(try await channel.ask(request, patience: patience), into: folder)
    }

    private func read(_ answer: FileHandle, into folder: String?) throws(ExecutorFault) -> HostReply {
        let reply: HostReply
        do {
            reply = try Parcel.read(HostReply.self, from: answer, into: folder)
        } catch let error as Parcel.Broken {
            throw .unreachable(machine: machine, detail: error.description)
        } catch {
            throw .refused(machine: machine, reason: "the answer cannot be stored: \(error)")
        }
        if case .refused(let reason) = reply { throw .refused(machine: machine, reason: reason) }
        return reply
    }
}
