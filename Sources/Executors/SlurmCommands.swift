import Foundation
import Jobs
import Model

/// The commands of Slurm on the machine with `sbatch`. The folder of jobs must be one that all nodes see.
struct SlurmCommands: Sendable {
    let settings: JobEngine.Settings
    let environment: [String: String]

    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    /// Seconds.
    private static let patience: Double = 60
    /// Seconds that Slurm gets to end a job before its time is over, so that the program can write a result.
    private static let warning = 30
    /// Seconds for the set-up and the checks, beside the time of the worker.
    static let reserve: Double = 3600

    // MARK: Submitting

    /// Submits an order, alone or with others that are submitted at this moment.
    func submit(
        _ folder: OrderFolder, _ order: JobOrder, command: [String], variables: [String: String],
        resources: JobResources, seconds: Double
    ) async throws {
        let script = "\(folder.path)/script.sh"
        let exports = variables.filter { Self.isName($0.key) }.sorted { $0.key < $1.key }.map {
            "export \($0.key)=\(Self.quoted($0.value))"
        }
        let text =
            (["#!/bin/sh"] + exports + [
                "export \(DetachedProcess.tokenVariable)="
                    + Self.quoted("\(JobEngine.marker(folder, order)):run"),
                "exec \(command.map(Self.quoted).joined(separator: " "))",
            ]).joined(separator: "\n") + "\n"
        unlink(script)
        try UntrustedFile.create(script, Array(text.utf8))
        var arguments = [
            "--no-requeue", "--export=NONE", "--time=\(max(1, Int((seconds / 60).rounded(.up))))",
            "--signal=B:TERM@\(Self.warning)", "--open-mode=append", "--chdir=/",
        ]
        arguments += resources.cores.map { ["--cpus-per-task=\($0)"] } ?? []
        arguments += resources.memory.map { ["--mem=\(max(1, $0 >> 20))M"] } ?? []
        arguments += resources.disk.map { ["--tmp=\(max(1, $0 >> 20))M"] } ?? []
        arguments += settings.queue.map { ["--partition=\($0)"] } ?? []
        try await SlurmStarts(slurm: self).start(folder, order, arguments: arguments + settings.options)
    }

    /// Calls `sbatch`, and returns the number of the job.
    func sbatch(_ arguments: [String]) async throws -> String {
        let answer = try await run(["sbatch", "--parsable"] + arguments)
        // `--parsable` prints the number, and the cluster's name after a semicolon.
        let id = answer.split(whereSeparator: { ";\n".contains($0) }).first.map(String.init) ?? ""
        guard Int(id) != nil else { throw Failed(description: "sbatch gave no number: \(answer.prefix(200))") }
        return id
    }

    // MARK: Looking

    /// Asks once for all jobs.
    func states(_ folders: [OrderFolder]) async -> [Exchanged.State] {
        let answer: String
        do {
            answer = try await run(["squeue", "--me", "-h", "-r", "-t", "all", "-o", "%i|%T|%r"])
        } catch {
            return folders.map { _ in .unknown(reason: "\(error)") }
        }
        var rows: [Substring: (state: Substring, reason: Substring)] = [:]
        for line in answer.split(separator: "\n") {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            if parts.count == 3 { rows[parts[0]] = (parts[1], parts[2]) }
        }
        return folders.map { folder in
            let id = ((try? String(contentsOfFile: folder.process, encoding: .utf8)) ?? "")
                .trimmingCharacters(in: .whitespacesAndNewlines)
            return state(of: folder, rows[id[...]])
        }
    }

    private func state(of folder: OrderFolder, _ row: (state: Substring, reason: Substring)?) -> Exchanged.State {
        if FileManager.default.fileExists(atPath: folder.result) { return .ended }
        guard let row else { return .lost(reason: "Slurm does not know its job any more") }
        switch row.state {
        case "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "REQUEUE_FED":
            return .queued(reason: "Slurm: \(row.reason.lowercased())")
        case "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING": return .running
        case "COMPLETED":
            // A file system that nodes share may show the result a moment later.
            let written = FileManager.default.fileExists(atPath: folder.output) ? folder.output : folder.process
            return isOlder(written, than: Self.patience)
                ? .lost(reason: "its job ended without a result\(JobEngine.lastWords(of: folder))") : .running
        default:
            return .lost(reason: "Slurm: \(row.state.lowercased())\(JobEngine.lastWords(of: folder))")
        }
    }

    /// Compares two files of one file system, because its clock may differ from that of this machine.
    private func isOlder(_ path: String, than seconds: Double) -> Bool {
        func date(_ path: String) -> Date? {
            (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
        }
        let now = "\((path as NSString).deletingLastPathComponent)/now-\(UUID().uuidString)"
        defer { unlink(now) }
        guard let written = date(path), (try? UntrustedFile.create(now, [])) != nil, let present = date(now) else {
            return true
        }
        return present.timeIntervalSince(written) > seconds
    }

    // MARK: Ending

    /// Cancels jobs and waits until Slurm has none of them.
    /// - Throws: `Failed` if Slurm did not do it in time.
    func cancel(_ folders: [OrderFolder]) async throws {
        let ids = try await numbers(of: folders)
        guard !ids.isEmpty else { return }
        // A job that has not started has no process for a signal.
        _ = try? await run(["scancel", "--state=PENDING"] + ids)
        // The signal reaches the program alone, which ends its worker in order. 'scancel' without a signal would end both
        // at once, and processes of the worker in another session would stay.
        _ = try? await run(["scancel", "--batch", "--signal=TERM"] + ids)
        for round in 0..<Self.rounds {
            let left = try await left(of: ids)
            if left.isEmpty { return }
            if round >= Self.inOrder, round % Self.inOrder == 0 { _ = try? await run(["scancel"] + left) }
            try? await Task.sleep(for: .milliseconds(250))
        }
        throw Failed(description: "Slurm has not ended its jobs \(ids.joined(separator: ", "))")
    }

    /// Returns the numbers of jobs. A program that was killed while it submitted a job has not written its number down.
    private func numbers(of folders: [OrderFolder]) async throws -> [String] {
        var ids: [String] = []
        for folder in folders {
            if let id = Self.number(in: folder) {
                ids.append(id)
            } else if let id = try await knownNumber(of: folder) {
                ids.append(id)
            }
        }
        return ids
    }

    private static func number(in folder: OrderFolder) -> String? {
        let text = (try? String(contentsOfFile: folder.process, encoding: .utf8)) ?? ""
        let id = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return !id.isEmpty && id.allSatisfy { $0.isASCII && ($0.isNumber || $0 == "_") } ? id : nil
    }

    /// Returns the number of the job that `sbatch` was called for, if Slurm has it.
    func knownNumber(of folder: OrderFolder) async throws -> String? {
        guard let asked = SlurmStarts.asked(folder) else { return nil }
        let lines = try await run(["squeue", "--me", "-h", "-r", "-t", "all", "-o", "%i", "--name", asked.name])
            .split(separator: "\n").map(String.init)
        return lines.last { asked.suffix.isEmpty || $0.hasSuffix(asked.suffix) }
    }

    /// Returns those of the jobs that Slurm has not ended.
    private func left(of ids: [String]) async throws -> [String] {
        // Not by number: squeue fails for a job that Slurm has forgotten.
        let lines = try await run(["squeue", "--me", "-h", "-r", "-o", "%i"]).split(separator: "\n")
        let open = Set(lines.map(String.init))
        return ids.filter { open.contains($0) }
    }

    private static let rounds = 240
    /// Rounds in which the program may end its worker in order.
    private static let inOrder = 60

    private func run(_ arguments: [String]) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/orchestrate-slurm-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let outcome = await ProcessRunner(marker: folder).run(
            ProcessRequest(
                command: .arguments(arguments), directory: "/", environment: environment,
                output: .separate(out: "\(folder)/out", error: "\(folder)/error"), timeout: Self.patience))
        func text(_ name: String) -> String {
            String(decoding: (try? UntrustedFile.read("\(folder)/\(name)", limit: 16 << 20)) ?? [], as: UTF8.self)
        }
        guard outcome.succeeded else {
            let words = OutsideText.line(String(text("error").prefix(300)))
            throw Failed(description: "\(arguments[0]) failed (\(outcome.ending)): \(words)")
        }
        return text("out")
    }

    static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }

    private static func isName(_ text: String) -> Bool {
        text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && text.first?.isNumber == false
    }
}
