import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A server on loopback that says exactly the bytes a test gives it, right or wrong.
final class LoopbackServer: Sendable {
    /// What is done with one connection once the head of its request was read.
    typealias Answer = @Sendable (Connection) -> Void

    struct Connection: Sendable {
        let descriptor: Int32
        /// Head of the request, and as much of its body as came along.
        let request: String

        /// False once the client has gone.
        @discardableResult
        func send(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            #if canImport(Glibc)
            return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
            #else
            return Darwin.send(descriptor, bytes, bytes.count, 0) == bytes.count
            #endif
        }

        /// Returns when the client has closed its side, or after it sent all it has to send.
        func waitForClient() {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while read(descriptor, &buffer, buffer.count) > 0 {}
        }

        static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    }

    let port: Int
    private let listener: Int32
    private let requests = Mutex<[String]>([])

    var address: String { "http://127.0.0.1:\(port)" }
    /// Heads of the requests so far.
    var received: [String] { requests.withLock { $0 } }

    init(_ answer: @escaping Answer) throws {
        #if canImport(Glibc)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    close(listener)
                    return
                }
                self.serve(descriptor, answer)
            }
        }
    }

    private func serve(_ descriptor: Int32, _ answer: @escaping Answer) {
        Thread.detachNewThread { [self] in
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { return }
                bytes += buffer[..<count]
            }
            let request = String(decoding: bytes, as: UTF8.self)
            requests.withLock { $0.append(request) }
            answer(Connection(descriptor: descriptor, request: request))
            shutdown(descriptor, Int32(SHUT_WR))
        }
    }

    /// Listens no more. A server that is not stopped lives as long as the tests do.
    func stop() {
        // Wakes the thread that accepts, which closes: closed here, the number might be another server's by then.
        shutdown(listener, Int32(SHUT_RDWR))
    }
}
