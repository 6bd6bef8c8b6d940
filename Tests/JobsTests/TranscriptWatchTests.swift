import Foundation
import Jobs
import Model
import Synchronization
import TestSupport
import Testing

/// A job's transcript is watched.
@Suite struct TranscriptWatchTests {
    private let scene: ProcessScene
    private let folder: JobFolder

    init() throws {
        scene = try ProcessScene()
        folder = JobFolder(existing: try scene.directory.makeDirectory("job"))
    }

    /// Collects the bytes that the watch receives.
    private final class Seen: Sendable {
        let bytes = Mutex<[UInt8]>([])
        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    }

    private func run(
        _ commands: [String], linger: Double = 60, _ seen: Seen, answer: @escaping @Sendable (String) -> Job.WatchAnswer
    ) async -> JobOutcome {
        var job = Job(
            folder: folder, commands: commands, checkout: scene.directory.path,
            environment: JobEnvironment(variables: ["PATH": "/usr/bin:/bin"]), hasTranscript: true, timeout: 600,
            outputKept: 1 << 20, grace: 0.2)
        job.linger = linger
        job.watch = { bytes in
            seen.bytes.withLock { $0 += bytes }
            return answer(seen.text)
        }
        return await JobRunner(runner: scene.runner).run(job)
    }

    @Test func `the standard output of every command is passed on once`() async {
        let seen = Seen()
        let outcome = await run(["seq 1 20000; echo hidden >&2", "printf 'no end of line'"], seen) { _ in .goOn }
        #expect(outcome.process.ending == .exited(0))
        #expect(!outcome.endedByWatch)
        let numbers = (1...20000).map { "\($0)\n" }.joined()
        #expect(seen.text == numbers + "no end of line")
    }

    @Test func `a watch can end a worker before its timeout`() async {
        let outcome = await run(["echo stop; sleep 600"], Seen()) { $0.contains("stop") ? .end : .goOn }
        #expect(outcome.endedByWatch)
        #expect(outcome.process.ending == .cancelled)
    }

    @Test func `a worker that hangs after it is done is ended and runs no further command`() async {
        let seen = Seen()
        let outcome = await run(["echo done; sleep 600", "echo more"], linger: 0, seen) {
            $0.contains("done") ? .finished : .goOn
        }
        #expect(outcome.endedByWatch)
        #expect(!seen.text.contains("more"))
    }

    @Test func `a worker that ends by itself after it is done keeps its status`() async {
        let outcome = await run(["echo done; exit 3"], Seen()) { $0.contains("done") ? .finished : .goOn }
        #expect(!outcome.endedByWatch)
        #expect(outcome.process.ending == .exited(3))
    }

    @Test func `a transcript that is replaced by another file is read no further`() async {
        let seen = Seen()
        let flag = scene.directory.appending("seen")
        let command =
            "echo one; while [ ! -e '\(flag)' ]; do sleep 0.01; done; ln -sf /etc/passwd '\(folder.transcript)'"
        _ = await run([command], seen) { text in
            if text.contains("one") { try? Data().write(to: URL(fileURLWithPath: flag)) }
            return .goOn
        }
        #expect(seen.text == "one\n")
    }
}
