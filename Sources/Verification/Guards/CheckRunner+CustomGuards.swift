import Foundation
import Jobs
package import Model

extension CheckRunner {
    /// Runs all custom guards of the plan on a diff, in the way checks run.
    ///
    /// - Parameters:
    ///   - diff: absolute path of the patch.
    ///   - changes: the changed paths; only these count as places in a guard's output.
    /// - Returns: nil if all exit with 0; a failure of kind `.infrastructure` if a guard could not judge the diff; otherwise
    ///   one of kind `.guardRule` with the objections of all guards.
    package func run(
        _ guards: [CustomGuard], diff: String, changes: [String], task: MigrationTask, in place: Place
    ) async -> Failure? {
        var objections: [Objection] = []
        for (number, each) in guards.enumerated() {
            let check = Check(
                name: each.name, run: each.run, timeout: each.timeout, environment: each.environment)
            let log = "\(place.logs)/guard-\(Self.fileName(each.name))-\(number + 1).log"
            let commands: [String]
            do {
                commands = try CommandTemplate(each.run).expand(
                    files: task.files, task: task.id, job: place.job.job, diff: diff)
            } catch {
                return Self.noAnswer(each, "\(error)")
            }
            for command in commands {
                let result = await execute(check, command, in: place, log: log, input: .file(diff))
                if result.outcome == .passed { continue }
                // A guard that hangs or does not exist says nothing about the diff.
                guard result.outcome == .failed, result.status != 126, result.status != 127 else {
                    return Self.noAnswer(each, result.digest)
                }
                objections += Self.objections(of: each, result, log: log, changes: Set(changes))
            }
        }
        return GuardList.failure(objections)
    }

    private static func noAnswer(_ custom: CustomGuard, _ detail: String) -> Failure {
        Failure(kind: .infrastructure, summary: "guard '\(custom.name)' could not judge the diff", detail: detail)
    }

    /// Bytes of a guard's output in which places are searched.
    private static let outputRead = 1 << 20

    private static func objections(
        of custom: CustomGuard, _ result: CheckResult, log: String, changes: Set<String>
    ) -> [Objection] {
        let output = (try? UntrustedFile.read(log, limit: outputRead)).flatMap { $0 } ?? []
        let placed = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
            objection(line, changes).map {
                Objection(path: $0.path, line: $0.line, reason: "\($0.reason) (\(custom.name))")
            }
        }
        if !placed.isEmpty { return placed }
        let digest = result.digest.split(whereSeparator: \.isNewline).joined(separator: "\n")
        return [Objection(reason: "the guard '\(custom.name)' objects\(digest.isEmpty ? "" : ": \(digest)")")]
    }

    /// Reads `path:line: text`, `path:line:column: text` or `path: text`.
    private static func objection(_ line: Substring, _ changes: Set<String>) -> Objection? {
        var parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count > 1 else { return nil }
        let written = String(parts.removeFirst())
        let path = written.hasPrefix("./") ? String(written.dropFirst(2)) : written
        guard changes.contains(path) else { return nil }
        let number = parts.first.flatMap { Int($0) }
        if number != nil { parts.removeFirst() }
        if number != nil, parts.count > 1, Int(parts[0]) != nil { parts.removeFirst() }
        let text = parts.joined(separator: ":").trimmingCharacters(in: .whitespaces)
        return Objection(path: path, line: number, reason: text.isEmpty ? "is rejected" : text)
    }
}
