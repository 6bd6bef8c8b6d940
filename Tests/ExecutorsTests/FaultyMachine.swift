import Foundation
import Synchronization
import TestSupport

/// A file system with little room, which only root can make.
struct SmallDisk {
    private let path: String

    /// Whether this machine lets the tests make one.
    static let isPossible: Bool = {
        guard getuid() == 0, let scratch = try? ScratchDirectory("disk") else { return false }
        guard let disk = try? SmallDisk(at: scratch.path, megabytes: 1) else { return false }
        disk.remove()
        return true
    }()

    init(at path: String, megabytes: Int) throws {
        self.path = path
        try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    func remove() { try? Self.run("umount", ["-l", path]) }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        let result = try TestSupport.run(
            "/usr/bin/env", [program] + arguments, in: "/", environment: environment, input: [], limit: 60)
        guard result.status == 0 else {
            throw ScratchProcessFailure(command: [program] + arguments, result: result)
        }
    }
}

/// A clock that differs from that of this machine, for the programs that get its variables.
enum OtherClock {
    static let library: String? = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }
        .first { FileManager.default.fileExists(atPath: $0) }

    static var isPossible: Bool { library != nil }

    /// Lines of a shell script. Only the time of day differs, as on a machine whose clock is wrong.
    /// - Parameter offset: such as `+1h`.
    static func lines(_ offset: String) -> String {
        "export LD_PRELOAD=\(library ?? "") FAKETIME=\(offset) FAKETIME_DONT_FAKE_MONOTONIC=1"
    }
}

/// What people were told.
final class Told: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
