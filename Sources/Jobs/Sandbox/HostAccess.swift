#if os(Linux)
import CProcess
import Glibc
import Synchronization

/// A process's access to its allowed hosts, through a proxy to which only that process can connect.
final class HostAccess: Sendable {
    /// Environment variables that tell programs to use the proxy.
    let variables: [String: String]
    /// A pipe that becomes readable once the proxy listens.
    let gate: Int32
    /// The port on the loopback on which the proxy listens.
    let port: UInt16

    private let opening: Int32
    private let proxy: HostProxy
    /// A listener that was created before the process; -1 for none.
    private let listener: Int32

    /// Outside the ports that Linux assigns to clients, and the ports of slots.
    private static let innerPort: UInt16 = 61_999

    /// Creates access for a process with its own network namespace.
    init(_ hosts: [String], log: Int32) throws(JobsError) {
        var ends: [Int32] = [-1, -1]
        guard orchestrate_pipe(&ends) == 0 else { throw .cannotConfine(errno) }
        (gate, opening, listener, port) = (ends[0], ends[1], -1, Self.innerPort)
        proxy = HostProxy(allowed: hosts, log: log)
        variables = Self.variables(hosts, port: port)
    }

    /// Creates access for a process that shares the loopback of the machine.
    init(sharedPortFor hosts: [String], log: Int32) throws(JobsError) {
        let found = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(found, $0, size) == 0 && listen(found, 64) == 0 && getsockname(found, $0, &size) == 0
            }
        }
        guard isListening else {
            let problem = errno
            close(found)
            throw .cannotConfine(problem)
        }
        (gate, opening, listener, port) = (-1, -1, found, UInt16(bigEndian: address.sin_port))
        proxy = HostProxy(allowed: hosts, log: log)
        variables = Self.variables(hosts, port: port)
    }

    deinit {
        for descriptor in [gate, opening] where descriptor >= 0 { close(descriptor) }
    }

    /// Listens in the network namespace of a process and opens the gate.
    func begin(inside process: pid_t) -> JobsError? {
        let listener = orchestrate_listen_inside(process, port)
        guard listener >= 0 else { return .cannotConfine(errno) }
        proxy.serve(listener)
        var go: UInt8 = 1
        _ = write(opening, &go, 1)
        return nil
    }

    /// Accepts connections on the loopback of the machine.
    func begin() -> JobsError? {
        proxy.serve(listener)
        return nil
    }

    func end() { proxy.end() }

    /// Programs reach their own loopback directly, unless the plan allows the loopback of the machine.
    private static func variables(_ hosts: [String], port: UInt16) -> [String: String] {
        let proxy = "http://127.0.0.1:\(port)"
        let allowed = Set(hosts.map { $0.prefix { $0 != ":" } })
        let direct = ["localhost", "127.0.0.1", "::1"].filter { !allowed.contains($0[...]) }.joined(separator: ",")
        var result: [String: String] = [:]
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            result[name] = proxy
            result[name.lowercased()] = proxy
        }
        result["NO_PROXY"] = direct
        result["no_proxy"] = direct
        return result
    }
}
#endif
