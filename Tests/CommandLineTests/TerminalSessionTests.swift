import CProcess
import Foundation
import Testing

@testable import CommandLine

/// A pseudo terminal: the side of the program has a path, the other side is what a person sees.
private final class PseudoTerminal {
    let person: Int32
    let path: String
    /// Keeps the terminal there while no program has it open.
    private let kept: Int32

    init() throws {
        person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(person >= 0 && grantpt(person) == 0 && unlockpt(person) == 0)
        path = String(cString: try #require(ptsname(person)))
        kept = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        _ = fcntl(person, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(kept)
        close(person)
    }

    var mode: termios {
        var mode = termios()
        tcgetattr(kept, &mode)
        return mode
    }

    var echoes: Bool { mode.c_lflag & tcflag_t(ECHO) != 0 }

    /// Reads what the program has written until it contains a text.
    func read(until text: String) -> String {
        var seen = ""
        let deadline = Date().addingTimeInterval(20)
        while !seen.contains(text), Date() < deadline {
            var poll = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
            _ = Glibc.poll(&poll, 1, 200)
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(person, &bytes, bytes.count)
            if count > 0 { seen += String(decoding: bytes.prefix(count), as: UTF8.self) }
        }
        return seen
    }

    func type(_ text: String) { _ = Glibc.write(person, text, text.utf8.count) }
}

@Suite(.serialized, .timeLimit(.minutes(1)))
struct TerminalSessionTests {
    private let leftAlternateScreen = "\u{1B}[?1049l"

    @Test func `a session takes the terminal and leaves it as it was`() throws {
        let terminal = try PseudoTerminal()
        let session = try #require(TerminalSession(path: terminal.path))
        #expect(!terminal.echoes)
        // Ctrl-C still sends its signal.
        #expect(terminal.mode.c_lflag & tcflag_t(ISIG) != 0)
        #expect(terminal.read(until: "\u{1B}[?25l").contains("\u{1B}[?1049h"))
        session.leave()
        session.leave()
        #expect(terminal.echoes)
        let seen = terminal.read(until: "\u{1B}[23;0t")
        #expect(seen.contains(leftAlternateScreen) && seen.contains("\u{1B}[?25h") && seen.contains("\u{1B}[?2004l"))
        #expect(seen.components(separatedBy: leftAlternateScreen).count == 2)
    }

    @Test func `keys arrive as they are typed`() throws {
        let terminal = try PseudoTerminal()
        let session = try #require(TerminalSession(path: terminal.path))
        defer { session.leave() }
        let input = TerminalInput(descriptor: session.descriptor)
        #expect(session.read() == [])
        terminal.type("j\r\u{13}")
        #expect(input.wait(milliseconds: 20_000).hasInput)
        var bytes: [UInt8] = []
        while bytes.count < 3, input.wait(milliseconds: 5000).hasInput { bytes += session.read() ?? [] }
        #expect(bytes == [UInt8(ascii: "j"), 0x0D, 0x13])
        TerminalInput.wake()
        #expect(input.wait(milliseconds: 20_000).isWoken)
    }

    @Test func `the terminal is restored when the program is gone`() throws {
        let terminal = try PseudoTerminal()
        let descriptor = open(terminal.path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { close(descriptor) }
        var before = terminal.mode
        var during = before
        during.c_lflag &= ~tcflag_t(ECHO | ICANON)
        tcsetattr(descriptor, TCSANOW, &during)
        var process: pid_t = 0
        let end = orchestrate_guard_terminal(descriptor, &before, &during, "LEFT", 4, &process)
        #expect(end >= 0 && !terminal.echoes)
        // As the system does at the end of a program that is killed.
        close(end)
        #expect(terminal.read(until: "LEFT").contains("LEFT"))
        waitpid(process, nil, 0)
        #expect(terminal.echoes)
    }

    @Test func `the mode that the next program has set is kept`() throws {
        let terminal = try PseudoTerminal()
        let descriptor = open(terminal.path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { close(descriptor) }
        var before = terminal.mode
        var during = before
        during.c_lflag &= ~tcflag_t(ECHO)
        var process: pid_t = 0
        let end = orchestrate_guard_terminal(descriptor, &before, &during, "LEFT", 4, &process)
        var next = before
        next.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(descriptor, TCSANOW, &next)
        close(end)
        #expect(terminal.read(until: "LEFT").contains("LEFT"))
        waitpid(process, nil, 0)
        #expect(!terminal.echoes)
    }

    @Test func `what is no terminal is refused`() throws {
        #expect(TerminalSession(path: "/dev/null") == nil)
        #expect(TerminalSession(path: "/nonexistent") == nil)
    }
}
