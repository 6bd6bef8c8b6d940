import Foundation
import Model
import Workers

/// What a program has written, kept beside the tests.
struct Recording {
    let bytes: [UInt8]

    /// - Parameter name: a file of `Fixtures`.
    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// The stream after all of it, as a worker with this form of output told it.
    func read(
        _ events: Worker.Events, limits: Worker.Limits = Worker.Limits(), prices: TokenPrices? = nil,
        before: Usage? = nil
    ) -> (stream: WorkerStream, events: [WorkerEvent])? {
        var worker = Worker(name: "w", run: "true", limits: limits)
        worker.events = events
        worker.prices = prices
        guard var stream = WorkerStream(worker, before: before) else { return nil }
        let told = stream.take(bytes) + stream.end()
        return (stream, told)
    }
}
