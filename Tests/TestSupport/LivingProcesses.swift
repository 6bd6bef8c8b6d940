package import Foundation

/// The processes of this machine, as `/proc` shows them.
package enum LivingProcesses {
    private static var ids: [pid_t] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
            .filter { $0 != getpid() }
    }

    /// Returns the processes that have a file open below a folder.
    package static func holdingFiles(below folder: String) -> [pid_t] {
        ids.filter { id in
            let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd")) ?? []
            return files.contains { file in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/fd/\(file)")
                return target?.hasPrefix("\(folder)/") == true
            }
        }
    }

    /// Returns the processes with a text in their arguments or in their environment.
    package static func mentioning(_ text: String) -> [pid_t] {
        ids.filter { id in
            ["cmdline", "environ"].contains { part in
                guard let bytes = FileManager.default.contents(atPath: "/proc/\(id)/\(part)") else { return false }
                return bytes.range(of: Data(text.utf8)) != nil
            }
        }
    }

    /// Returns processes with all processes below them.
    package static func families(of ids: [pid_t]) -> [pid_t] {
        var children: [pid_t: [pid_t]] = [:]
        for id in Self.ids {
            guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 1,
                let parent = pid_t(fields[1])
            else { continue }
            children[parent, default: []].append(id)
        }
        var (found, open) = (Set<pid_t>(), ids)
        while let id = open.popLast() {
            if found.insert(id).inserted { open += children[id] ?? [] }
        }
        return Array(found)
    }

    /// Kills processes as a power cut does: none of them sees the end of another.
    package static func endAtOnce(_ ids: [pid_t]) {
        for id in ids { kill(id, SIGSTOP) }
        for id in ids { kill(id, SIGKILL) }
    }

    /// Ends processes when this program is killed.
    /// - Parameter file: path of a file, which this call makes. It is open as long as somebody watches.
    static func end(_ ids: [pid_t], withThisProgram file: String) throws -> ScratchDaemon {
        let script = "program=$1; shift; while kill -0 $program; do sleep 1; done; kill -9 \"$@\""
        return try ScratchDaemon(
            "/bin/sh", ["-c", script, "sh", "\(getpid())"] + ids.map { "\($0)" },
            environment: ["PATH": "/usr/bin:/bin"], output: file)
    }
}
