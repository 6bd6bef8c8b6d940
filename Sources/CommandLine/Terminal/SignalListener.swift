import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Catches SIGINT, SIGTERM and SIGHUP for as long as it lives.
///
/// `DispatchSource.makeSignalSource` needs the signal ignored or blocked. Workers would inherit either, and could then
/// not be asked to end. A handler is not inherited.
final class SignalListener {
    private let source: any DispatchSourceRead
    private let count: Counter

    /// Whether a signal has been caught.
    var isCaught: Bool { count.value > 0 }

    /// - Parameter onSignal: called on one queue, with the number of signals so far, from 1.
    init(_ onSignal: @escaping @Sendable (Int) -> Void) {
        let descriptor = SignalPipe.ends.read
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "signals"))
        let count = Counter()
        self.count = count
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 16)
            for _ in 0..<max(0, read(descriptor, &bytes, bytes.count)) { onSignal(count.next()) }
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

    private final class Counter: Sendable {
        private let count = Atomic(0)

        var value: Int { count.load(ordering: .relaxed) }

        func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    }
}

/// A pipe from the signal handler, which may call next to nothing, to a queue. It exists before the first handler.
private enum SignalPipe {
    static let ends: (read: Int32, write: Int32) = {
        var pair: [Int32] = [-1, -1]
        pipe(&pair)
        for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (pair[0], pair[1])
    }()
}
