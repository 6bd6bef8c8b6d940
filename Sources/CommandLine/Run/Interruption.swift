import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Hears Ctrl-C and its like for as long as it lives.
///
/// Not by `DispatchSource.makeSignalSource`: that wants the signal ignored or blocked, and either would be inherited by
/// every worker, which could then not be asked to end. A handler is not inherited.
final class Interruption {
    private let source: any DispatchSourceRead

    /// - Parameter heard: called on one queue, with how often the person has asked, from 1.
    init(_ heard: @escaping @Sendable (Int) -> Void) {
        let descriptor = SignalPipe.ends.read
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "interruption"))
        let asked = Tally()
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 16)
            for _ in 0..<max(0, read(descriptor, &bytes, bytes.count)) { heard(asked.next()) }
        }
        source.resume()
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(SignalPipe.ends.write, &byte, 1)
            }
        }
    }

    deinit {
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
        source.cancel()
    }

    /// Touched on the queue of `source` alone.
    private final class Tally: @unchecked Sendable {
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }
}

/// Carries a signal from its handler, where next to nothing is allowed, to a queue. Made before the first handler is.
private enum SignalPipe {
    static let ends: (read: Int32, write: Int32) = {
        var pair: [Int32] = [-1, -1]
        pipe(&pair)
        for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (pair[0], pair[1])
    }()
}
