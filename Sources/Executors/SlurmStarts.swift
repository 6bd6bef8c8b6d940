import Foundation
import Jobs
import Model

/// Starts the orders that are submitted at the same moment as one array of Slurm.
///
/// Each order is submitted by a process of its own. The first one starts its order alone. While `sbatch` runs, others
/// wait for the lock, and the next one that gets it starts all that wait. So nothing is delayed to form an array.
struct SlurmStarts: Sendable {
    let slurm: SlurmCommands

    /// More jobs than this are no array in the default configuration of Slurm (MaxArraySize 1001).
    private static let most = 500

    /// The lock of all starts on a machine.
    static func lock(in root: String) -> String { "\(root)/slurm.lock" }

    /// How an order waits for its start: with the arguments of `sbatch` that it shares with others.
    static func wanted(_ folder: OrderFolder) -> String { "\(folder.path)/wanted" }

    /// Submits an order whose script is written, unless Slurm has it already.
    ///
    /// - Parameter arguments: those of `sbatch` that orders of one array must share.
    func start(_ folder: OrderFolder, _ order: JobOrder, arguments: [String]) async throws {
        let key = arguments.joined(separator: "\n")
        try Data(key.utf8).write(to: URL(fileURLWithPath: Self.wanted(folder)), options: .atomic)
        defer { unlink(Self.wanted(folder)) }
        let path = Self.lock(in: slurm.settings.root)
        let lock = try FileLock.wait(path)
        defer { withExtendedLifetime(lock) {} }
        // Another process may have started it meanwhile.
        if FileManager.default.fileExists(atPath: folder.process) { return }
        if let id = try await slurm.knownNumber(of: folder) {
            return try Data(id.utf8).write(to: URL(fileURLWithPath: folder.process), options: .atomic)
        }
        let others = waiting(with: key, in: (folder.path as NSString).deletingLastPathComponent, beside: folder)
        if others.isEmpty {
            try await startAlone(folder, order, arguments)
            return
        }
        do {
            try await startArray([folder] + others, arguments)
        } catch {
            // A cluster may forbid arrays. The others start alone, too.
            for folder in [folder] + others { unlink(Self.mark(folder)) }
            try await startAlone(folder, order, arguments)
        }
    }

    /// Returns the orders that processes wait to start with the same arguments.
    private func waiting(with key: String, in jobs: String, beside own: OrderFolder) -> [OrderFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: jobs)) ?? []
        return names.sorted().lazy.map { OrderFolder("\(jobs)/\($0)") }.filter { folder in
            folder != own && (try? String(contentsOfFile: Self.wanted(folder), encoding: .utf8)) == key
                // The process that waits holds it. Without one, nobody asks for the order any more.
                && FileLock.isTaken("\(folder.path).lock")
                && !FileManager.default.fileExists(atPath: folder.process)
                && !FileManager.default.fileExists(atPath: Self.mark(folder))
        }.prefix(Self.most - 1).map { $0 }
    }

    // MARK: Two ways to start

    private func startAlone(_ folder: OrderFolder, _ order: JobOrder, _ arguments: [String]) async throws {
        let name = (folder.path as NSString).lastPathComponent
        try write("\(name)\n", to: Self.mark(folder))
        let id = try await slurm.sbatch(
            arguments + [
                "--job-name=\(name)", "--comment=\(order.token)", "--output=\(folder.output)",
                "\(folder.path)/script.sh",
            ])
        try write(id, to: folder.process)
    }

    private func startArray(_ folders: [OrderFolder], _ arguments: [String]) async throws {
        let name = "o-array-\(UUID().uuidString.lowercased())"
        // Slurm keeps a copy.
        let script = "\(slurm.settings.root)/\(name).sh"
        defer { unlink(script) }
        let cases = folders.enumerated().map { "\($0.offset)) folder=\(SlurmCommands.quoted($0.element.path)) ;;\n" }
        try write(
            "#!/bin/sh\ncase $SLURM_ARRAY_TASK_ID in\n\(cases.joined())esac\n"
                + "exec /bin/sh \"$folder/script.sh\" >>\"$folder/output\" 2>&1\n", to: script)
        for (index, folder) in folders.enumerated() { try write("\(name)\n\(index)", to: Self.mark(folder)) }
        let tokens = folders.compactMap { try? $0.readOrder().token }.joined(separator: ",")
        let id = try await slurm.sbatch(
            arguments + [
                "--array=0-\(folders.count - 1)", "--job-name=\(name)", "--comment=\(tokens)", "--output=/dev/null",
                script,
            ])
        for (index, folder) in folders.enumerated() { try write("\(id)_\(index)", to: folder.process) }
    }

    // MARK: What was asked for

    /// Written before `sbatch` is called: the name of the job, and the index in its array. So a job is found whose
    /// number nobody has written down.
    private static func mark(_ folder: OrderFolder) -> String { "\(folder.path)/asked" }

    /// Returns the name of the job and the end of its number, if `sbatch` was called for an order.
    static func asked(_ folder: OrderFolder) -> (name: String, suffix: String)? {
        guard let text = try? String(contentsOfFile: mark(folder), encoding: .utf8) else { return nil }
        let parts = text.split(separator: "\n").map(String.init)
        return parts.first.map { ($0, parts.count > 1 ? "_\(parts[1])" : "") }
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
