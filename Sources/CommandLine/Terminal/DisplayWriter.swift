import Dispatch
import Foundation
import Synchronization

/// Writes lines and frames to a descriptor on a thread of its own, so that a reader that stalls never stops a run.
///
/// Callers never block. Lines wait in a queue of bounded length; where lines are dropped because it is full, a line at
/// that place says how many. Of frames only the latest is kept.
final class DisplayWriter: Sendable {
    private struct Queue {
        var lines: [String] = []
        /// Lines dropped after those in `lines`.
        var dropped = 0
        /// Lines that the thread has taken and not written or reported as dropped yet.
        var unwritten = 0
        /// The frame to draw next; empty to take the picture away, nil for no change.
        var frame: String?
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

    /// Draws a frame in place of the last one; a frame that is still waiting is replaced.
    /// - Parameter frame: lines without a newline at the end; empty to take the picture away.
    func draw(_ frame: String) {
        queue.withLock { $0.frame = frame }
        work.signal()
    }

    /// Takes the picture away, writes what is waiting, and ends the thread.
    /// - Parameter patience: seconds to wait for a reader that takes nothing.
    /// - Returns: how many lines were not written because the reader takes nothing.
    func close(patience: Double = 5) -> Int {
        queue.withLock { queue in
            queue.isClosed = true
            queue.frame = ""
        }
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
        var frame: String?
        var isLast: Bool
    }

    /// The thread: takes what is waiting, writes it, and sleeps until there is more.
    private func run() {
        var shown = ""
        while true {
            work.wait()
            let batch = take()
            let frame = batch.frame ?? shown
            let notice = batch.dropped > 0 ? [Self.notice(batch.dropped)] : []
            if shown.isEmpty, frame.isEmpty {
                for line in batch.lines { put(line + "\n", lines: 1) }
                for line in notice { put(line + "\n", lines: batch.dropped) }
            } else if !batch.lines.isEmpty || !notice.isEmpty || frame != shown {
                // In one piece, so that a terminal does not flicker.
                let lines = (batch.lines + notice).map { $0 + "\n" }.joined()
                put(
                    Self.erase(shown) + lines + (frame.isEmpty ? "" : frame + "\n"),
                    lines: batch.lines.count + batch.dropped)
            }
            shown = frame
            if batch.isLast {
                done.signal()
                return
            }
        }
    }

    private func take() -> Batch {
        queue.withLock { queue in
            let batch = Batch(
                lines: queue.lines, dropped: queue.dropped, frame: queue.frame, isLast: queue.isClosed)
            queue.unwritten = batch.lines.count + batch.dropped
            queue.lines = []
            queue.dropped = 0
            queue.frame = nil
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

    /// Moves to the first line of the frame on the terminal and clears everything below (ECMA-48: CUU, ED).
    private static func erase(_ frame: String) -> String {
        guard !frame.isEmpty else { return "" }
        return "\u{1B}[\(frame.split(separator: "\n", omittingEmptySubsequences: false).count)A\r\u{1B}[J"
    }
}
