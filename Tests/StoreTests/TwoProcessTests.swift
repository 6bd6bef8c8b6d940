import Foundation
import Model
import Store
import Testing

@Suite("A store that another process writes")
struct TwoProcessTests {
    let scratch: Scratch
    let run = RunID("demo-1")
    init() throws { scratch = try Scratch() }

    @Test func `a reader sees whole transactions only, and the tables agree with the log`() throws {
        let writer = try WriterProcess(folder: scratch.path)
        defer { writer.kill() }
        _ = try writer.acknowledged()
        let reader = try StoreReader(path: scratch.store)
        var last = 0
        for _ in 0..<60 {
            _ = try writer.acknowledged()
            let (events, attempts, reasons) = try reader.read { view in
                try (view.events(of: run).count, view.attempts(at: TaskID("a"), of: run), view.reasons(of: run).count)
            }
            #expect(events % 5 == 1)
            #expect(attempts.count == events / 5)
            #expect(attempts.allSatisfy { $0.state == .failed })
            #expect(reasons == events / 5 * 4)
            #expect(events >= last)
            last = events
        }
    }

    @Test func `a reader that takes its time neither holds the writer up nor sees it move`() throws {
        let writer = try WriterProcess(folder: scratch.path)
        defer { writer.kill() }
        _ = try writer.acknowledged()
        let reader = try StoreReader(path: scratch.store)
        try reader.read { view in
            let before = try view.events(of: run).count
            let seen = try writer.acknowledged()
            var latest = seen
            while latest < seen + 200 { latest = try writer.acknowledged() }
            #expect(try view.events(of: run).count == before)
        }
        #expect(try reader.read { view in try view.events(of: run).count } > 200)
    }

    @Test func `the change signal moves when the writer has written, and stays when it has not`() throws {
        let writer = try WriterProcess(folder: scratch.path)
        _ = try writer.acknowledged()
        let reader = try StoreReader(path: scratch.store)
        let first = try reader.changeSignal()
        let seen = try reader.read { view in try view.events(of: run).count }
        // Lines that were on their way already say nothing about what came after the signal.
        while try writer.acknowledged() <= seen {}
        writer.kill()
        let second = try reader.changeSignal()
        #expect(second != first)
        #expect(try reader.changeSignal() == second)
    }

    @Test(arguments: [1, 2, 3, 7, 20, 55, 100])
    func `a writer that is killed leaves all it acknowledged, and nothing half`(acknowledgements: Int) throws {
        let writer = try WriterProcess(folder: scratch.path)
        var acknowledged = 0
        for _ in 0..<acknowledgements { acknowledged = try writer.acknowledged() }
        writer.kill()

        // A reader comes first here: it must cope with what the writer left behind.
        let reader = try StoreReader(path: scratch.store)
        let events = try reader.read { view in try view.events(of: run) }
        #expect(events.count >= acknowledged)
        #expect(events.count % 5 == 1)
        #expect(events.map(\.sequence) == Array(1...Int64(events.count)))

        let lock = try RunLock(folder: scratch.path, plan: "demo")
        let stale = lock.staleOwner
        #expect(stale?.processID == writer.processID)
        lock.release()
        let store = try EventStore(path: scratch.store)
        let before = try store.read { view in try Tables(view, run) }
        try store.rebuild()
        #expect(try store.read { view in try Tables(view, run) } == before)
        let next = try store.append(
            [.fact(.coordinatorStarted(.init(processID: 1, tip: try object(1))))], run: run,
            time: Timestamp(seconds: 1))
        #expect(next.first?.sequence == Int64(events.count + 1))
    }
}

/// The helper `store-writer`, which appends until it is killed.
private final class WriterProcess {
    private let process = Process()
    private let output: FileHandle
    private var buffer = Data()

    var processID: Int32 { process.processIdentifier }

    init(folder: String) throws {
        let pipe = Pipe()
        process.executableURL = Products.folder.appending(path: "store-writer")
        process.arguments = [folder]
        process.standardOutput = pipe
        output = pipe.fileHandleForReading
        try process.run()
        try pipe.fileHandleForWriting.close()
    }

    /// Waits for the next line: the number of the last event that is certain to be on the disk.
    func acknowledged() throws -> Int {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
                buffer.removeSubrange(buffer.startIndex...end)
                return try #require(Int(line))
            }
            let more = output.availableData
            try #require(!more.isEmpty, "the writer has ended")
            buffer.append(more)
        }
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// Where the build puts executables: beside the tests.
enum Products {
    static var folder: URL {
        #if os(Linux)
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        #else
        let tests = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
        #endif
        return tests.deletingLastPathComponent()
    }
}
