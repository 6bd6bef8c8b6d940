import CProcess
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal in raw mode with its alternate screen, from `init` to `leave`.
///
/// The terminal is left as it was found after any end: `leave` in order, `exit` by a handler, and everything else, `kill -9`
/// included, by a small process that waits for the end of this one.
///
/// It has an open terminal of its own, so that neither the mode of that descriptor nor a full terminal reaches standard
/// output.
final class TerminalSession: Sendable {
    /// The controlling terminal.
    let descriptor: Int32
    private let before: termios
    private let during: termios
    private let state = Mutex(State())

    private struct State {
        var isActive = false
        var guardEnd: Int32 = -1
        var guardProcess: pid_t = 0
    }

    /// Save the title, alternate screen, bracketed paste.
    private static let enterBytes = Array("\u{1B}[22;0t\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?25l".utf8)
    /// End an unfinished string and update, then the opposite of `enterBytes`.
    private static let leaveBytes = Array(
        "\u{1B}\\\u{1B}[?2026l\u{1B}]8;;\u{1B}\\\u{1B}[0m\u{1B}[?2004l\u{1B}[?25h\u{1B}[?1049l\u{1B}[23;0t".utf8)
    /// Milliseconds that a frame waits for a terminal that takes nothing.
    private static let patience: Int32 = 2000

    /// - Returns: nil where there is no terminal, or where it refuses the mode.
    init?(path: String = "/dev/tty") {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        var before = termios()
        guard tcgetattr(descriptor, &before) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.before = before
        during = Self.raw(before)
        guard enter() else { return nil }
        Self.current.withLock { $0 = self }
        _ = Self.handler
    }

    deinit { close(descriptor) }

    /// No echo, no lines, no flow control. Ctrl-C still sends its signal; Ctrl-Z and Ctrl-\ arrive as keys.
    private static func raw(_ before: termios) -> termios {
        var mode = before
        mode.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
        mode.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN)
        withUnsafeMutableBytes(of: &mode.c_cc) { keys in
            keys[Int(VMIN)] = 1
            keys[Int(VTIME)] = 0
            keys[Int(VSUSP)] = 0
            keys[Int(VQUIT)] = 0
        }
        return mode
    }

    private func enter() -> Bool {
        var (before, during) = (before, during)
        var process: pid_t = 0
        let end = Self.leaveBytes.withUnsafeBytes { bytes in
            orchestrate_guard_terminal(
                descriptor, &before, &during, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, &process)
        }
        guard end >= 0 else { return false }
        state.withLock { state in
            state.guardEnd = end
            state.guardProcess = process
            state.isActive = true
        }
        guard tcsetattr(descriptor, TCSAFLUSH, &during) == 0, write(Self.enterBytes) else {
            leave()
            return false
        }
        return true
    }

    /// Restores the terminal. May be called more than once, from any thread.
    func leave() {
        state.withLock { state in
            guard state.isActive else { return }
            state.isActive = false
            var mode = before
            write(Self.leaveBytes)
            tcsetattr(descriptor, TCSANOW, &mode)
            var byte: UInt8 = 1
            _ = systemWrite(state.guardEnd, &byte, 1)
            close(state.guardEnd)
            while waitpid(state.guardProcess, nil, 0) < 0, errno == EINTR {}
        }
    }

    /// Restores the terminal, stops the program until it is continued in the foreground, and takes the terminal again.
    func suspend() {
        leave()
        kill(0, SIGTSTP)
        _ = enter()
    }

    /// Runs another program on the terminal, such as a pager.
    func lend(_ body: () -> Void) {
        leave()
        body()
        _ = enter()
    }

    /// The bytes that have arrived; nil when the terminal is gone.
    func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = systemRead(descriptor, &bytes, bytes.count)
        if count > 0 { return Array(bytes.prefix(count)) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
    }

    /// - Returns: false if the terminal did not take all of it.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                guard errno == EAGAIN, Terminal.isWritable(descriptor, within: Self.patience) else { return false }
            }
        }
        return true
    }

    /// Columns and rows.
    var size: (columns: Int, rows: Int) {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    private static let current = Mutex<TerminalSession?>(nil)
    /// Registered once: `exit` from any thread restores the terminal.
    private static let handler: Int32 = atexit { TerminalSession.current.withLock { $0 }?.leave() }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.read(descriptor, bytes, count)
    #else
    Darwin.read(descriptor, bytes, count)
    #endif
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
    #else
    Darwin.write(descriptor, bytes, count)
    #endif
}
