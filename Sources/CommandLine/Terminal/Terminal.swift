import Foundation
import Model
import Reporting

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal that the program was started in. Data goes to standard output, messages to standard error.
enum Terminal {
    static let environment = ProcessInfo.processInfo.environment

    /// Prints text for people, with a line break at its end.
    static func print(_ text: String) { write(shown(text, on: STDOUT_FILENO), to: STDOUT_FILENO) }

    /// Prints JSON, with a line break at its end. Its values are those of the text.
    static func print(json text: String) { write(OutsideText.json(text), to: STDOUT_FILENO) }

    /// Prints JSON that ends with a line break. A document of many megabytes is mostly plain, and then it is not copied.
    static func print(json bytes: [UInt8]) {
        if bytes.withUnsafeBufferPointer({ OutsideText.isPlain($0) }) {
            write(bytes, to: STDOUT_FILENO)
        } else {
            print(json: String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Milliseconds that a message waits for a reader.
    private static let patience: Int32 = 2000

    /// Prints a message to standard error, with a line break at its end. It is dropped if nobody reads a full pipe, because
    /// a message must not stop a run.
    static func say(_ text: String) {
        if isWritable(STDERR_FILENO, within: patience) { write(shown(text, on: STDERR_FILENO), to: STDERR_FILENO) }
    }

    /// The text as a terminal may be given it: nothing in it moves the cursor, whoever has written it.
    static func shown(_ text: String, on descriptor: Int32) -> String {
        OutsideText.lines(text, keepsColours: isColored(descriptor))
    }

    /// Whether a short write to a descriptor would be done at once.
    /// - Parameter milliseconds: how long to wait until it would.
    static func isWritable(_ descriptor: Int32, within milliseconds: Int32 = 0) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return systemPoll(&poll, milliseconds) == 1 && poll.revents & Int16(POLLOUT) != 0
    }

    private static func systemPoll(_ descriptor: inout pollfd, _ milliseconds: Int32) -> Int32 {
        #if canImport(Glibc)
        Glibc.poll(&descriptor, 1, milliseconds)
        #else
        Darwin.poll(&descriptor, 1, milliseconds)
        #endif
    }

    /// Writes text as it is. A reader that has gone away, as in `orchestrate status | head -1`, is not an error.
    static func write(_ text: String, to descriptor: Int32, lineBreak: Bool = true) {
        var bytes = Array(text.utf8)
        if lineBreak, bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        write(bytes, to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes, count)
        #else
        Darwin.write(descriptor, bytes, count)
        #endif
    }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb" }

    /// Whether a person can be asked: standard input and standard error are a terminal.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isInteractive }

    /// Whether a person can work on a screen of the program: standard input and output are a terminal.
    static var isFullScreen: Bool {
        isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// Whether to use colours on a descriptor.
    static func isColored(_ descriptor: Int32) -> Bool {
        usesColors && isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    }

    /// Whether the person wants colours; https://no-color.org.
    static var usesColors: Bool { environment["NO_COLOR"].map(\.isEmpty) ?? true }

    /// The layout of reports on standard output.
    static var layout: Layout {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        return Layout(
            width: isTerminal ? size.columns : nil, style: Style(isColored: isColored(STDOUT_FILENO)),
            clockOffset: TimeZone.current.secondsFromGMT())
    }

    /// Columns and rows; `COLUMNS` and `LINES` where there is no terminal.
    static var size: (columns: Int, rows: Int) {
        var window = winsize()
        if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 {
            return (Int(window.ws_col), Int(window.ws_row))
        }
        return (environment["COLUMNS"].flatMap(Int.init) ?? 80, environment["LINES"].flatMap(Int.init) ?? 24)
    }
}
