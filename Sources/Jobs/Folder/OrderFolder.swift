import Foundation
package import Model

/// The folder of one order on the machine that carries it out; docs/executors.md describes its files.
///
/// The worker's job folder is below `jobs`. The worker cannot write to anything else here.
package struct OrderFolder: Sendable, Equatable {
    /// Absolute path.
    package let path: String

    package init(_ path: String) { self.path = path }

    package var order: String { "\(path)/\(JobOrder.fileName)" }
    package var base: String { "\(path)/base.bundle" }
    package var jobs: String { "\(path)/jobs" }
    package var news: String { "\(path)/\(JobNews.fileName)" }
    package var result: String { "\(path)/\(JobResult.fileName)" }
    package var bundle: String { "\(path)/\(JobResult.bundleName)" }
    /// Held by the process that carries the order out.
    package var lock: String { "\(path)/lock" }
    /// Number and start of that process.
    package var process: String { "\(path)/process" }
    /// What that process prints.
    package var output: String { "\(path)/output" }

    /// The copy of a folder that commands name, by its position in the order.
    package func copy(_ number: Int) -> String { "\(path)/folders/\(number)" }

    /// The folder with what the work of an order leaves for people.
    package func files(of order: JobOrder) -> String { "\(jobs)/\(order.folder)" }

    /// The job folder of an attempt; nil for other work.
    package func job(of order: JobOrder) -> JobFolder? {
        order.attempt.map { JobFolder(existing: "\(files(of: order))/\($0.number)") }
    }

    /// Bytes. No order or result comes near it.
    private static let largest = 64 << 20

    package func readOrder() throws -> JobOrder { try Self.read(order) }

    /// Returns the result of the job; nil if the job has not ended.
    package func readResult() throws -> JobResult? {
        guard FileManager.default.fileExists(atPath: result) else { return nil }
        return try Self.read(result)
    }

    package func write(_ order: JobOrder) throws { try Self.write(order, to: self.order) }

    /// Writes the result under another name and renames it, so that no reader sees half of it.
    package func write(_ result: JobResult) throws { try Self.write(result, to: self.result) }

    private static func read<Value: Decodable>(_ path: String) throws -> Value {
        guard let bytes = try UntrustedFile.read(path, limit: largest) else {
            throw JobsError.file(path, .open(ENOENT))
        }
        return try JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    private static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let temporary = "\(path).new"
        unlink(temporary)
        try UntrustedFile.create(temporary, Array(try encoder.encode(value)))
        guard rename(temporary, path) == 0 else { throw JobsError.file(path, .write(errno)) }
    }
}
