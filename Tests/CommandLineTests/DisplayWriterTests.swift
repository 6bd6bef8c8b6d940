import Dispatch
import Foundation
import Synchronization
import Testing

@testable import CommandLine

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A pipe whose reading end the test controls.
final class ScratchPipe: Sendable {
    let reader: Int32
    let writer: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        (reader, writer) = (ends[0], ends[1])
    }

    deinit { close(reader) }

    /// Writes until the pipe takes nothing more, so that the next write blocks.
    func fill() {
        let flags = fcntl(writer, F_GETFL)
        _ = fcntl(writer, F_SETFL, flags | O_NONBLOCK)
        let zeros = [UInt8](repeating: 0, count: 4096)
        while write(writer, zeros, zeros.count) > 0 {}
        var one: UInt8 = 0
        while write(writer, &one, 1) > 0 {}
        _ = fcntl(writer, F_SETFL, flags)
    }

    func closeWriter() { close(writer) }

    private func systemRead(_ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.read(reader, buffer, count)
        #else
        Darwin.read(reader, buffer, count)
        #endif
    }

    /// Everything up to the end of the pipe, without the zeros of `fill`.
    func readAll() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = systemRead(&buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

/// Reads a pipe to its end on a thread of its own: a task that blocks would keep others from running.
final class PipeText: Sendable {
    private let text = Mutex("")
    private let done = DispatchSemaphore(value: 0)

    init(_ pipe: ScratchPipe) {
        Thread.detachNewThread {
            let all = pipe.readAll()
            self.text.withLock { $0 = all }
            self.done.signal()
        }
    }

    /// Everything up to the end of the pipe; called once.
    func wait() -> String {
        done.wait()
        return text.withLock { $0 }
    }
}

@Suite(.timeLimit(.minutes(2)))
struct DisplayWriterTests {
    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test func `lines are written in order`() {
        let pipe = ScratchPipe()
        let writer = DisplayWriter(descriptor: pipe.writer)
        writer.write(["a", "b"])
        writer.write([])
        writer.write(["c"])
        #expect(writer.close() == 0)
        pipe.closeWriter()
        #expect(pipe.readAll() == "a\nb\nc\n")
    }

    @Test func `a pipe that nobody reads stops no caller, and the lost lines are counted`() {
        let pipe = ScratchPipe()
        pipe.fill()
        let writer = DisplayWriter(descriptor: pipe.writer, capacity: 10)
        for number in 0..<5000 { writer.write(["line \(number)"]) }
        #expect(writer.close(patience: 0.05) == 5000)
    }

    @Test func `a slow reader gets every line or the number of those it missed`() {
        let pipe = ScratchPipe()
        pipe.fill()
        let writer = DisplayWriter(descriptor: pipe.writer, capacity: 100)
        for number in 0..<5000 { writer.write(["line \(number)"]) }
        let text = PipeText(pipe)
        #expect(writer.close() == 0)
        pipe.closeWriter()
        var expected = 0
        var missed = 0
        for line in lines(text.wait()) {
            if let match = line.firstMatch(of: /^note: ([0-9]+) lines? not shown/) {
                missed += Int(match.1) ?? 0
                expected += Int(match.1) ?? 0
            } else {
                #expect(line == "line \(expected)")
                expected += 1
            }
        }
        #expect(expected == 5000)
        #expect(missed > 0 && missed < 5000)
    }

    @Test func `a queue takes exactly its capacity`() {
        let pipe = ScratchPipe()
        pipe.fill()
        let writer = DisplayWriter(descriptor: pipe.writer, capacity: 3)
        writer.write(["a", "b", "c", "d"])
        let text = PipeText(pipe)
        #expect(writer.close() == 0)
        pipe.closeWriter()
        #expect(lines(text.wait()) == ["a", "b", "c", DisplayWriter.notice(1)])
    }

    @Test func `the notice counts in words`() {
        #expect(DisplayWriter.notice(1).hasPrefix("note: 1 line not shown"))
        #expect(DisplayWriter.notice(2).hasPrefix("note: 2 lines not shown"))
    }
}
