import Foundation
import Model
import Synchronization
import TestSupport
import Testing

@testable import Executors

/// The connection that carries all requests to a machine.
@Suite struct ChannelTests {
    /// Two ends of a connection in this program.
    private final class Ends: Sendable {
        let near: Int32
        let far: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            (near, far) = (ends[0], ends[1])
        }
    }

    /// What came over a link.
    private final class Heard: Sendable {
        let words = Mutex<[String]>([])
        let parcels = Mutex<[(number: UInt32, size: UInt64)]>([])
        private let hasEnded = AsyncStream.makeStream(of: Never.self)

        var listener: ParcelLink.Listener {
            .init(
                greeted: { words in self.words.withLock { $0.append(words) } },
                received: { number, file in
                    let size = (try? file?.seekToEnd()) ?? 0
                    self.parcels.withLock { $0.append((number, size)) }
                }, ended: { self.hasEnded.continuation.finish() })
        }

        func waitForEnd() async { for await _ in hasEnded.stream {} }
    }

    private func file(of count: Int) throws -> FileHandle {
        let file = try Spool.make()
        try file.write(contentsOf: Data(count: count))
        try file.seek(toOffset: 0)
        return file
    }

    @Test func `a large parcel does not hold up a small one`() async throws {
        let (ends, heard) = (try Ends(), Heard())
        let sender = ParcelLink(from: ends.near, to: ends.near, owns: true, .init(received: { _, _ in }, ended: {}))
        let receiver = ParcelLink(from: ends.far, to: ends.far, owns: true, heard.listener)
        sender.send(1, try file(of: 20 << 20))
        sender.send(2, try file(of: 100))
        sender.send(3, try file(of: 0))
        sender.start(greeting: "7")
        receiver.start(greeting: nil)
        while heard.parcels.withLock({ $0.count }) < 3 { try await Task.sleep(for: .milliseconds(5)) }
        sender.close()
        await heard.waitForEnd()
        #expect(heard.words.withLock { $0 } == ["7"])
        #expect(heard.parcels.withLock { $0.map(\.number) } == [3, 2, 1])
        #expect(heard.parcels.withLock { $0.map(\.size) } == [0, 100, 20 << 20])
    }

    @Test(arguments: ["no greeting", "orchestrate-job-host 1 7\n\u{1}\u{1}\u{1}\u{1}\u{7f}\u{7f}\u{7f}\u{7f}"])
    func `bytes that are no frames end the connection`(bytes: String) async throws {
        let (ends, heard) = (try Ends(), Heard())
        let receiver = ParcelLink(from: ends.far, to: ends.far, owns: true, heard.listener)
        receiver.start(greeting: nil)
        let text = Array((bytes + String(repeating: " ", count: 1 << 17)).utf8)
        // The other side may close while this writes.
        signal(SIGPIPE, SIG_IGN)
        _ = text.withUnsafeBytes { write(ends.near, $0.baseAddress, $0.count) }
        await heard.waitForEnd()
        #expect(heard.parcels.withLock { $0.isEmpty })
        close(ends.near)
    }

    @Test(arguments: ExecutorScene.lasting)
    func `one process carries all requests, and ends with the executor`(kind: ExecutorSettings.Kind) async throws {
        let starts = FileManager.default.temporaryDirectory.path + "/starts-\(UUID().uuidString)"
        defer { unlink(starts) }
        // What a login script prints is no answer.
        let scene = try ExecutorScene(kind, before: "[ \"$2\" = host ] && { echo welcome; echo \(kind) >>\(starts); }")
        for attempt in 1...2 {
            let (result, _) = try await scene.result(of: scene.order("sed -i s/old/new/ {files}", attempt: attempt))
            guard case .attempt(.attemptVerified) = result.ending else {
                Issue.record("\(result.ending)")
                continue
            }
        }
        #expect(try String(contentsOfFile: starts, encoding: .utf8) == "\(kind)\n")
        await scene.executor.close()
        #expect(scene.processes(with: "\(scene.directory.path)/program").isEmpty)
    }
}
