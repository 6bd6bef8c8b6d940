#if os(Linux)
import CProcess
import Foundation
import Glibc
import Synchronization

/// An HTTP proxy that passes on connections to allowed hosts only.
///
/// It accepts `CONNECT`, which programs use for HTTPS, and requests with an absolute URL, which they use for HTTP. It
/// writes refused hosts into the log of the process.
final class HostProxy: Sendable {
    private struct State {
        var isOver = false
        var connections = 0
        var refused: Set<String> = []
    }

    private let allowed: Set<Host>
    private let log: Int32
    private let state = Mutex(State())

    private static let mostConnections = 128
    /// Milliseconds between checks whether the process has ended.
    private static let look: Int32 = 200

    /// - Parameters:
    ///   - allowed: `name` for port 443, or `name:port`.
    ///   - log: descriptor of the process's log, which is duplicated.
    init(allowed: [String], log: Int32) {
        self.allowed = Set(allowed.compactMap { Host($0, otherwise: 443) })
        self.log = fcntl(log, F_DUPFD_CLOEXEC, 3)
    }

    deinit { close(log) }

    /// Accepts connections from a listening socket until `end` is called, then closes the socket.
    func serve(_ listener: Int32) {
        Thread.detachNewThread { [self] in
            defer { close(listener) }
            while !isOver {
                guard Self.isReady(listener, Self.look) else { continue }
                let client = orchestrate_accept(listener)
                guard client >= 0 else { continue }
                guard enter() else {
                    close(client)
                    continue
                }
                Thread.detachNewThread { [self] in
                    defer { leave() }
                    ProxyConnection(client: client, proxy: self).run()
                }
            }
        }
    }

    func end() { state.withLock { $0.isOver = true } }

    var isOver: Bool { state.withLock { $0.isOver } }

    private func enter() -> Bool {
        state.withLock { state in
            guard state.connections < Self.mostConnections else { return false }
            state.connections += 1
            return true
        }
    }

    private func leave() { state.withLock { $0.connections -= 1 } }

    /// Returns whether a host and port are allowed. A refused host is logged once.
    func permits(_ host: Host) -> Bool {
        if allowed.contains(host) { return true }
        let isNew = state.withLock { $0.refused.count < 100 && $0.refused.insert(host.text).inserted }
        if isNew {
            let names = allowed.map(\.text).sorted().joined(separator: ", ")
            let line = Array("orchestrate: no connection to \(host.text): the plan allows \(names)\n".utf8)
            _ = write(log, line, line.count)
        }
        return false
    }

    /// Waits until a descriptor is readable.
    ///
    /// - Parameter timeout: milliseconds.
    static func isReady(_ descriptor: Int32, _ timeout: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, timeout) > 0
    }

    /// A name and a port.
    struct Host: Hashable, Sendable {
        var name: String
        var port: UInt16

        /// Parses `name`, `name:port` or an IPv6 address in brackets; nil if malformed.
        ///
        /// - Parameter otherwise: the port if the text has none.
        init?(_ text: String, otherwise: UInt16) {
            var name = Substring(text)
            var port = otherwise
            if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
                guard let number = UInt16(text[text.index(after: colon)...]) else { return nil }
                (name, port) = (text[..<colon], number)
            }
            if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
            if name.hasSuffix(".") { name = name.dropLast() }
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }) else {
                return nil
            }
            self.name = name.lowercased()
            self.port = port
        }

        var text: String { "\(name):\(port)" }
    }
}
#endif
