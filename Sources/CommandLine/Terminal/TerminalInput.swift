import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Waits for keys, for a new size, and for other threads that have something to show.
final class TerminalInput: Sendable {
    /// What ended a wait.
    struct Arrival: Equatable {
        var hasInput = false
        /// Another thread called `wake`, or the size has changed.
        var isWoken = false
        /// The terminal is gone.
        var isClosed = false
    }

    private let descriptor: Int32

    /// - Parameter descriptor: of the terminal.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        signal(SIGWINCH) { _ in TerminalInput.wake() }
    }

    deinit { signal(SIGWINCH, SIG_DFL) }

    /// Ends the wait. It may be called from a signal handler.
    static func wake() {
        var byte: UInt8 = 0
        _ = write(WakePipe.ends.write, &byte, 1)
    }

    /// - Parameter milliseconds: the longest wait.
    func wait(milliseconds: Int) -> Arrival {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: WakePipe.ends.read, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, Int32(clamping: milliseconds)) > 0 else { return Arrival() }
        let events = Int32(descriptors[0].revents)
        var arrival = Arrival(
            hasInput: events & Int32(POLLIN) != 0, isWoken: descriptors[1].revents != 0,
            isClosed: events & Int32(POLLIN) == 0 && events & Int32(POLLHUP | POLLERR | POLLNVAL) != 0)
        if arrival.isWoken {
            var bytes = [UInt8](repeating: 0, count: 256)
            while read(WakePipe.ends.read, &bytes, bytes.count) == bytes.count {}
        }
        if arrival.isClosed { arrival.hasInput = false }
        return arrival
    }
}

/// A pipe that exists before the first handler is set. Both ends return at once.
private enum WakePipe {
    static let ends: (read: Int32, write: Int32) = {
        var pair: [Int32] = [-1, -1]
        pipe(&pair)
        for end in pair {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        return (pair[0], pair[1])
    }()
}
