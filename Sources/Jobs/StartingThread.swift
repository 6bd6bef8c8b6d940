#if os(Linux)
import Foundation
import Synchronization

/// The thread that starts all processes, and never ends.
///
/// "Die with your parent" means the thread for Linux, not the program: what a thread of a pool has started would be
/// killed when that thread is idle for some seconds and ends.
final class StartingThread: Sendable {
    static let shared = StartingThread()

    private let waiting = Mutex<[@Sendable () -> Void]>([])
    private let signal = DispatchSemaphore(value: 0)

    private init() {
        let thread = Thread { [self] in
            while true {
                signal.wait()
                let next = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                next?()
            }
        }
        thread.name = "process starts"
        thread.start()
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0.append { continuation.resume(returning: body()) } }
            signal.signal()
        }
    }
}
#endif
