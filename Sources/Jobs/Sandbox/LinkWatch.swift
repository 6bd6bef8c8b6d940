#if os(Linux)
import CProcess
import Dispatch
import Glibc
import Synchronization

/// Notes the hard links that one sandboxed process and its descendants make.
///
/// The kernel holds each such call until it is noted here, so no link exists before its mark.
final class LinkWatch: Sendable {
    /// A queue of its own, because the process waits.
    private static let calls = DispatchQueue(label: "hard links")

    private let folders: [String]
    private let ledger: LinkLedger
    private let state = Mutex(State())

    private struct State {
        var isMarked = false
        var hasEnded = false
        var close: (@Sendable () -> Void)?
    }

    /// - Parameter folders: what the process may write to.
    init(_ folders: [String], ledger: LinkLedger = .shared) {
        self.folders = folders
        self.ledger = ledger
    }

    /// Begins to note the links of a started process.
    /// - Parameter listener: closed at the end; negative if the kernel does not tell of links, so that any may be made.
    func begin(_ listener: Int32) {
        guard listener >= 0 else { return mark() }
        // Dispatch sources may be used from any thread, but are not marked as Sendable on Linux.
        nonisolated(unsafe) let source = DispatchSource.makeReadSource(fileDescriptor: listener, queue: Self.calls)
        source.setEventHandler { [self] in
            // It also becomes readable when the last process has ended. To wait for a call would take for ever then.
            let found = Self.events(of: listener)
            guard found & POLLIN != 0 else {
                if found & (POLLHUP | POLLERR) != 0 { source.cancel() }
                return
            }
            var call: UInt64 = 0
            // The process may have been ended in the meantime.
            guard orchestrate_next_link(listener, &call) == 0 else { return }
            mark()
            orchestrate_allow_link(listener, call)
        }
        source.setCancelHandler { close(listener) }
        source.activate()
        state.withLock { $0.close = { source.cancel() } }
    }

    /// Ends the note. The process and its descendants have ended.
    func end() {
        // Kernels before 5.9 do not tell that no process is left.
        let (isMarked, close) = state.withLock { state in
            defer { state.close = nil }
            state.hasEnded = true
            return (state.isMarked, state.close)
        }
        close?()
        if isMarked { ledger.mark(folders, running: -1) }
    }

    private func mark() {
        let begins = state.withLock { state in
            defer { state.isMarked = true }
            return !state.isMarked && !state.hasEnded
        }
        ledger.mark(folders, running: begins ? 1 : 0)
    }

    private static func events(of listener: Int32) -> Int32 {
        var poll = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) == 1 ? Int32(poll.revents) : 0
    }
}
#endif
