import Foundation
import Synchronization

/// SSH servers on loopback addresses, each of which stands for a machine.
///
/// They accept one key, made for the test, and log in as the user who runs the tests.
package final class LoopbackSSH: Sendable {
    package static let server = "/usr/sbin/sshd"
    /// Whether there is a server that can be started here.
    package static let isAvailable =
        FileManager.default.isExecutableFile(atPath: server)
        && FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh")

    package let port: Int
    package let hosts: [String]
    private let folder: String
    private let processes = Mutex<[String: [ScratchDaemon]]>([:])
    /// Servers that were killed, with the jobs that they have started.
    private let former = Mutex<[ScratchDaemon]>([])

    /// - Parameter hosts: loopback addresses.
    package init(_ hosts: [String] = ["127.0.0.1"], in directory: ScratchDirectory) throws {
        self.hosts = hosts
        folder = try directory.makeDirectory("ssh-\(UUID().uuidString.prefix(8))")
        port = try LoopbackPort.free()
        for key in ["host", "user"] {
            _ = try run(
                "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)"], in: folder,
                environment: ["PATH": "/usr/bin:/bin"], input: [])
        }
        // Only a server that root starts wants this folder.
        if getuid() == 0 {
            try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        for host in hosts {
            let config = """
                Port \(port)
                ListenAddress \(host)
                HostKey \(folder)/host
                PidFile none
                AuthorizedKeysFile \(folder)/user.pub
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                StrictModes no
                PermitRootLogin yes
                MaxStartups 200
                MaxSessions 200
                """
            try config.write(toFile: "\(folder)/\(host).conf", atomically: true, encoding: .utf8)
            try start(host)
        }
    }

    deinit { hosts.forEach(kill) }

    /// Starts the server of a host, and waits until it accepts connections.
    package func start(_ host: String) throws {
        let server = try ScratchDaemon(
            Self.server, ["-D", "-f", "\(folder)/\(host).conf", "-E", "\(folder)/\(host).log"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/bin"])
        let watch = try LivingProcesses.end([server.id], withThisProgram: "/dev/null")
        processes.withLock { $0[host] = [server, watch] }
        try LoopbackPort.wait(for: host, port)
    }

    /// Ends the server of a host at once. Its connections end too. The jobs there go on.
    package func kill(_ host: String) {
        guard let daemons = processes.withLock({ $0.removeValue(forKey: host) }) else { return }
        let sessions =
            (try? run("/usr/bin/pgrep", ["-P", "\(daemons[0].id)"], in: "/", environment: [:], input: [], limit: 30))?
            .text
        daemons[0].end()
        for id in (sessions ?? "").split(separator: "\n").compactMap({ pid_t($0) }) { Foundation.kill(id, SIGKILL) }
        daemons[1].endAll()
        former.withLock { $0.append(daemons[0]) }
    }

    /// The options of `ssh` with which the servers are reached.
    package var options: [String] {
        [
            "-F", "/dev/null", "-p", "\(port)", "-i", "\(folder)/user", "-o", "UserKnownHostsFile=\(folder)/known",
            "-o", "StrictHostKeyChecking=no", "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR",
        ]
    }
}

/// TCP ports of this machine for servers of tests.
package enum LoopbackPort {
    struct Unreachable: Error {
        var port: Int
    }

    private static func address(_ host: String, _ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return address
    }

    private static func socketDescriptor() -> Int32 {
        #if canImport(Darwin)
        socket(AF_INET, SOCK_STREAM, 0)
        #else
        socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
    }

    /// Returns a port that nobody listens on now.
    package static func free() throws -> Int { try free(1)[0] }

    /// Returns different ports that nobody listens on now.
    package static func free(_ count: Int) throws -> [Int] {
        var descriptors: [Int32] = []
        defer { descriptors.forEach { close($0) } }
        return try (0..<count).map { _ in
            let descriptor = socketDescriptor()
            descriptors.append(descriptor)
            var address = address("127.0.0.1", 0)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
                }
            }
            guard isBound else { throw Unreachable(port: 0) }
            return Int(in_port_t(bigEndian: address.sin_port))
        }
    }

    /// Waits until somebody listens on a port.
    package static func wait(for host: String, _ port: Int, seconds: Double = 60) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            let descriptor = socketDescriptor()
            defer { close(descriptor) }
            var address = address(host, port)
            let isOpen = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isOpen { return }
            usleep(20_000)
        }
        throw Unreachable(port: port)
    }
}
