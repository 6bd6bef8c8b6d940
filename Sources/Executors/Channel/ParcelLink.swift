import Foundation
import Synchronization

/// Parcels that travel both ways over one connection at the same time, each with a number.
///
/// A parcel is cut into frames, so a large one does not hold up a small one. A frame has its parcel's number, a length
/// and so many bytes; a frame without bytes ends its parcel. Numbers and lengths have four bytes, the highest first.
/// A received parcel goes to a file, so the memory that is used does not depend on its size.
final class ParcelLink: Sendable {
    typealias Number = UInt32

    /// What the owner is told, by the thread that reads.
    struct Listener: Sendable {
        /// The line with which the other side begins was read.
        var greeted: @Sendable (_ words: String) -> Void = { _ in }
        /// Bytes came.
        var heard: @Sendable () -> Void = {}
        /// A parcel is complete; nil if this machine has no room for it.
        var received: @Sendable (Number, FileHandle?) -> Void
        /// Nothing more will come.
        var ended: @Sendable () -> Void
    }

    private struct Sending {
        var number: Number
        var file: FileHandle
    }

    private struct State {
        var sending: [Sending] = []
        var isClosed = false
    }

    /// Bytes of a frame.
    private static let largestFrame = 1 << 18
    private static let header = 8
    /// Parcels that may be incomplete at the same time.
    private static let mostOpen = 4096
    /// Bytes that may come before the greeting, such as the words of a login script.
    private static let largestNoise = 1 << 16
    private static let greeting = Array("orchestrate-job-host 1 ".utf8)

    private let input: Int32
    private let output: Int32
    private let ownsDescriptors: Bool
    private let listener: Listener
    private let state = Mutex(State())
    private let hasWork = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - input: a descriptor to read from.
    ///   - output: a descriptor to write to, which may be the same.
    ///   - owns: whether to close them when the link has ended.
    init(from input: Int32, to output: Int32, owns: Bool, _ listener: Listener) {
        self.input = input
        self.output = output
        ownsDescriptors = owns
        self.listener = listener
    }

    deinit { if ownsDescriptors { for descriptor in Set([input, output]) { Foundation.close(descriptor) } } }

    /// Begins to read and write.
    ///
    /// - Parameter words: for the line with which this side begins; nil for the side that waits for it, which sends
    ///   nothing before.
    func start(greeting words: String?) {
        Self.thread("parcels in") { self.read(expectsGreeting: words == nil) }
        guard let words else { return }
        Self.thread("parcels out") {
            guard self.put(Self.greeting + Array("\(words)\n".utf8)) else { return self.close() }
            self.write()
        }
    }

    private static func thread(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            // A broken connection is an error of `write` here, and no reason to end the program. Not ignored for the
            // whole program, because the programs that it starts would ignore it, too.
            var pipe = sigset_t()
            sigemptyset(&pipe)
            sigaddset(&pipe, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &pipe, nil)
            body()
        }
        thread.name = name
        thread.start()
    }

    /// Sends a parcel, which is what its file has from its present place on.
    func send(_ number: Number, _ file: FileHandle) {
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            state.sending.append(Sending(number: number, file: file))
            return true
        }
        if isOpen { hasWork.signal() }
    }

    /// Sends nothing more. Both sides then end.
    /// - Parameter atOnce: whether to read nothing more, either.
    func close(atOnce: Bool = false) {
        if atOnce { shutdown(input, Int32(SHUT_RDWR)) }
        let isFirst = state.withLock { state in
            defer { (state.isClosed, state.sending) = (true, []) }
            return !state.isClosed
        }
        guard isFirst else { return }
        hasWork.signal()
        shutdown(output, Int32(SHUT_WR))
    }

    // MARK: Writing

    private func write() {
        var frame = [UInt8](repeating: 0, count: Self.header + Self.largestFrame)
        while true {
            hasWork.wait()
            let next = state.withLock { $0.sending.isEmpty ? nil : $0.sending.removeFirst() }
            guard let next else {
                if state.withLock(\.isClosed) { return }
                continue
            }
            let count = frame.withUnsafeMutableBytes { bytes -> Int in
                Foundation.read(
                    next.file.fileDescriptor, bytes.baseAddress?.advanced(by: Self.header), Self.largestFrame)
            }
            // A parcel that cannot be read on is broken off with the connection.
            guard count >= 0 else { return close() }
            Self.set(next.number, in: &frame, at: 0)
            Self.set(UInt32(count), in: &frame, at: 4)
            guard put(frame[..<(Self.header + count)]) else { return close() }
            if count > 0 { send(next.number, next.file) }
        }
    }

    private static func set(_ value: UInt32, in frame: inout [UInt8], at place: Int) {
        for byte in 0..<4 { frame[place + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * byte)) }
    }

    private func put(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    // MARK: Reading

    private struct Incoming {
        var file: FileHandle?
        var size = 0
    }

    private func read(expectsGreeting: Bool) {
        defer {
            close()
            listener.ended()
        }
        var buffer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: Self.largestFrame)
        var waits = expectsGreeting
        var open: [Number: Incoming] = [:]
        while true {
            let count = chunk.withUnsafeMutableBytes { Foundation.read(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            listener.heard()
            buffer += chunk[..<count]
            if waits {
                guard let rest = Self.greeting(in: buffer) else {
                    if buffer.count > Self.largestNoise { return }
                    continue
                }
                waits = false
                listener.greeted(rest.words)
                buffer = rest.bytes
                Self.thread("parcels out") { self.write() }
            }
            guard take(&buffer, into: &open) else { return }
        }
    }

    /// Returns what follows the greeting.
    private static func greeting(in buffer: [UInt8]) -> (words: String, bytes: [UInt8])? {
        guard let start = buffer.firstRange(of: greeting),
            let end = buffer[start.upperBound...].firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        return (String(decoding: buffer[start.upperBound..<end], as: UTF8.self), Array(buffer[(end + 1)...]))
    }

    /// Takes complete frames out of a buffer.
    /// - Returns: false for bytes that are no frames of this program.
    private func take(_ buffer: inout [UInt8], into open: inout [Number: Incoming]) -> Bool {
        var place = 0
        defer { buffer.removeFirst(place) }
        while buffer.count - place >= Self.header {
            let number = Self.value(in: buffer, at: place)
            let count = Int(Self.value(in: buffer, at: place + 4))
            guard count <= Self.largestFrame else { return false }
            guard buffer.count - place - Self.header >= count else { break }
            let start = place + Self.header
            place = start + count
            if count > 0 {
                guard add(buffer[start..<place], to: number, in: &open) else { return false }
            } else {
                let file = open.removeValue(forKey: number)?.file
                try? file?.seek(toOffset: 0)
                listener.received(number, file)
            }
        }
        return true
    }

    private static func value(in buffer: [UInt8], at place: Int) -> UInt32 {
        buffer[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func add(_ bytes: ArraySlice<UInt8>, to number: Number, in open: inout [Number: Incoming]) -> Bool {
        if open[number] == nil {
            guard open.count < Self.mostOpen else { return false }
            open[number] = Incoming(file: try? Spool.make())
        }
        guard var incoming = open[number] else { return false }
        incoming.size += bytes.count
        guard incoming.size <= 2 * Parcel.largest else { return false }
        do {
            try incoming.file?.write(contentsOf: Data(bytes))
        } catch {
            // The disk is full. The rest is read and thrown away.
            incoming.file = nil
        }
        open[number] = incoming
        return true
    }
}
