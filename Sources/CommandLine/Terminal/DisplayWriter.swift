import Dispatch
import Foundation
import Synchronization

/// Writes lines to a descriptor on a thread of its own, so that a reader that stalls never stops a run.
///
/// Callers never block. Lines wait in a queue of bounded length; where lines are dropped because it is full, a line at
/// that place says how many.
final class DisplayWriter: Sendable {
    private struct Queue {
        var lines: [String] = []
        /// Lines dropped after those in `lines`.
        var dropped = 0
        /// Lines that the thread has taken and not written or reported as dropped yet.
        var unwritten = 0
        var isClosed = false
        /// Pieces written so far, by which `close` tells a slow reader from a stalled one.
        var progress = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    private let queue = Mutex(Queue())
    private let work = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    /// Bytes of one write: PIPE_BUF of Linux, so that a slow reader is seen to make progress.
    private static let pieceSize = 4096

    /// - Parameter capacity: lines that may wait.
    init(descriptor: Int32, capacity: Int = 10_000) {
        self.descriptor = descriptor
        self.capacity = max(1, capacity)
        Thread.detachNewThread { self.run() }
    }

    /// Puts lines into the queue.
    /// - Parameter lines: without newlines.
    func write(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        queue.withLock { queue in
            let taken = lines.prefix(max(0, capacity - queue.lines.count))
            queue.lines += taken
            queue.dropped += lines.count - taken.count
        }
        work.signal()
    }

    /// Writes what is waiting, and ends the thread.
    /// - Parameter patience: seconds to wait for a reader that takes nothing.
    /// - Returns: how many lines were not written because the reader takes nothing.
    func close(patience: Double = 5) -> Int {
        queue.withLock { $0.isClosed = true }
        work.signal()
        var seen = -1
        while done.wait(timeout: .now() + patience) == .timedOut {
            let (progress, left) = queue.withLock { ($0.progress, $0.lines.count + $0.dropped + $0.unwritten) }
            if progress == seen { return left }
            seen = progress
        }
        return 0
    }

    static func notice(_ dropped: Int) -> String {
        "note: \(dropped) line\(dropped == 1 ? "" : "s") not shown; the output was not read fast enough"
    }
}

extension DisplayWriter {
    private struct Batch {
        var lines: [String]
        /// Lines dropped after those.
        var dropped: Int
        var isLast: Bool
    }

    /// The thread: takes what is waiting, writes it, and sleeps until there is more.
    private func run() {
        while true {
            work.wait()
            let batch = take()
            for line in batch.lines { put(line + "\n", lines: 1) }
            if batch.dropped > 0 { put(Self.notice(batch.dropped) + "\n", lines: batch.dropped) }
            if batch.isLast {
                done.signal()
                return
            }
        }
    }

    private func take() -> Batch {
        queue.withLock { queue in
            let batch = Batch(
                lines: queue.lines, dropped: queue.dropped, isLast: queue.isClosed)
            queue.unwritten = batch.lines.count + batch.dropped
            queue.lines = []
            queue.dropped = 0
            return batch
        }
    }

    /// - Parameter lines: how many lines the text shows or reports as dropped.
    private func put(_ text: String, lines: Int) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            Terminal.write(Array(rest.prefix(Self.pieceSize)), to: descriptor)
            rest = rest.dropFirst(Self.pieceSize)
            queue.withLock { $0.progress += 1 }
        }
        queue.withLock { $0.unwritten -= lines }
    }
}
