import Foundation
import Jobs
import Model

/// The files that are sent with an order.
enum OrderParcel {
    /// Bytes of the folders of plan and workers.
    private static let largestFolder = 64 << 20

    private struct TooLarge: Error, CustomStringConvertible {
        var folder: String
        var description: String { "the folder \(folder) has more than \(OrderParcel.largestFolder >> 20) MiB" }
    }

    /// Writes the order and what it needs, and returns the files to send.
    ///
    /// - Parameters:
    ///   - known: the bases that the machine has.
    ///   - scratch: absolute path of a folder for the files; it may hold those of an earlier call.
    ///   - machine: for messages.
    static func pack(
        _ job: Submission, known: MachineBases, scratch: String, machine: String
    ) async throws(ExecutorFault) -> [Parcel.Item] {
        do {
            let folder = OrderFolder(scratch)
            if !FileManager.default.fileExists(atPath: folder.order) {
                try FileManager.default.createDirectory(
                    atPath: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try folder.write(job.order)
            }
            var bases = known
            let needsBase = !bases.contains(job.order.base)
            if case .bundle = job.order.source {} else { bases.insert(job.order.runBase) }
            unlink(folder.base)
            if needsBase { try await job.writeBase(folder.base, bases.recent) }
            var items = [Parcel.Item(name: JobOrder.fileName, path: folder.order)]
            if FileManager.default.fileExists(atPath: folder.base) {
                items.append(Parcel.Item(name: "base.bundle", path: folder.base))
            }
            if let source = job.folder, let attempt = job.order.attempt {
                items += try files(of: source, as: "jobs/\(job.order.folder)/\(attempt.number)")
            }
            for (number, path) in job.order.folders.enumerated() {
                items += try files(of: path, as: "folders/\(number)")
            }
            return items
        } catch {
            throw .refused(machine: machine, reason: "the order cannot be written: \(error)")
        }
    }

    private static func files(of folder: String, as name: String) throws -> [Parcel.Item] {
        var sum = 0
        return try (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).compactMap {
            path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")
            guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
            sum += (attributes?[.size] as? NSNumber)?.intValue ?? 0
            if sum > largestFolder { throw TooLarge(folder: folder) }
            return Parcel.Item(name: "\(name)/\(path)", path: "\(folder)/\(path)")
        }
    }
}
