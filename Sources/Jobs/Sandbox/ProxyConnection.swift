#if os(Linux)
import Glibc

/// One connection through the proxy, from the request to the last byte.
struct ProxyConnection {
    /// Closed at the end of `run`.
    let client: Int32
    let proxy: HostProxy

    private static let largestHead = 64 << 10
    /// Milliseconds that a client has between two parts of its request head.
    private static let headTimeout: Int32 = 30_000
    private static let chunk = 64 << 10

    private struct Request {
        var host: HostProxy.Host
        /// Bytes to send to the server first, before later bytes of the client.
        var forwarded: [UInt8]
        var isTunnel: Bool
    }

    func run() {
        defer { close(client) }
        guard let head = readHead() else { return }
        guard let request = Self.parse(head) else {
            return answer("400 Bad Request", "this proxy accepts HTTP/1.1 only")
        }
        guard proxy.permits(request.host) else {
            return answer("403 Forbidden", "the plan does not allow \(request.host.text)")
        }
        guard let server = connect(to: request.host) else {
            return answer("502 Bad Gateway", "\(request.host.text) cannot be reached")
        }
        defer { close(server) }
        if request.isTunnel { send(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8)[...], to: client) }
        guard send(request.forwarded[...], to: server) else { return }
        pump(server)
    }

    /// Reads all bytes up to the empty line, and any bytes received with them.
    private func readHead() -> [UInt8]? {
        var head: [UInt8] = []
        while head.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            guard head.count < Self.largestHead, HostProxy.isReady(client, Self.headTimeout),
                let more = receive(client), !more.isEmpty
            else { return nil }
            head += more
        }
        return head
    }

    private static func parse(_ bytes: [UInt8]) -> Request? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        let rest = bytes[end.upperBound...]
        if words[0] == "CONNECT" {
            return HostProxy.Host(words[1], otherwise: 443).map {
                Request(host: $0, forwarded: Array(rest), isTunnel: true)
            }
        }
        let scheme = "http://"
        guard words[1].lowercased().hasPrefix(scheme) else { return nil }
        let address = words[1].dropFirst(scheme.count)
        let authority = address.prefix { $0 != "/" && $0 != "?" }
        let path = address.dropFirst(authority.count)
        guard let host = HostProxy.Host(String(authority), otherwise: 80) else { return nil }
        lines[0] = "\(words[0]) \(path.hasPrefix("/") ? "" : "/")\(path) \(words[2])"
        // One request per connection, because the next one may be for another host.
        lines.removeAll { line in
            let name = line.prefix { $0 != ":" }.lowercased()
            return ["connection", "proxy-connection", "keep-alive", "proxy-authorization"].contains(name)
        }
        lines.append("Connection: close")
        return Request(
            host: host, forwarded: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + rest, isTunnel: false)
    }

    private func answer(_ status: String, _ text: String) {
        let body = "orchestrate: \(text)\n"
        send(
            Array(
                ("HTTP/1.1 \(status)\r\nContent-Type: text/plain\r\nContent-Length: \(body.utf8.count)\r\n"
                    + "Connection: close\r\n\r\n\(body)").utf8)[...], to: client)
    }

    private func connect(to host: HostProxy.Host) -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host.name, "\(host.port)", &hints, &found) == 0 else { return nil }
        defer { freeaddrinfo(found) }
        var next = found
        while let address = next {
            let info = address.pointee
            let server = socket(info.ai_family, info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), info.ai_protocol)
            if server >= 0 {
                if Glibc.connect(server, info.ai_addr, info.ai_addrlen) == 0 { return server }
                close(server)
            }
            next = info.ai_next
        }
        return nil
    }

    /// Passes on bytes in both directions until both sides or the process have ended.
    private func pump(_ server: Int32) {
        var open = [client: server, server: client]
        while !open.isEmpty, !proxy.isOver {
            var waits = open.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&waits, nfds_t(waits.count), 200) >= 0 || errno == EINTR else { return }
            for wait in waits where wait.revents != 0 {
                guard let target = open[wait.fd], let bytes = receive(wait.fd) else { return }
                if bytes.isEmpty {
                    shutdown(target, Int32(SHUT_WR))
                    open[wait.fd] = nil
                } else if !send(bytes[...], to: target) {
                    return
                }
            }
        }
    }

    /// - Returns: no bytes at the end; nil where the connection broke.
    private func receive(_ descriptor: Int32) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunk) { buffer, count in
            let received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            failed = received < 0
            count = max(0, received)
        }
        return failed ? nil : bytes
    }

    @discardableResult
    private func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
#endif
