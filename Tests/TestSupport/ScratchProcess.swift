import Foundation

/// What a process that a test ran has left behind.
package struct ScratchProcessResult: Sendable {
    package var status: Int32
    package var standardOutput: [UInt8]
    package var standardError: [UInt8]

    package var text: String { String(decoding: standardOutput, as: UTF8.self) }
    package var errorText: String { String(decoding: standardError, as: UTF8.self) }
}

/// A process that a test needs did not exit with status 0.
package struct ScratchProcessFailure: Error, CustomStringConvertible {
    package var command: [String]
    package var result: ScratchProcessResult

    package init(command: [String], result: ScratchProcessResult) {
        self.command = command
        self.result = result
    }

    package var description: String {
        "\(command.joined(separator: " ")) exited with \(result.status): \(result.errorText)\(result.text)"
    }
}

/// Runs a program to its end and collects what it printed.
///
/// - Parameters:
///   - environment: all that the program sees; nothing is inherited.
///   - input: its standard input.
package func run(
    _ program: String, _ arguments: [String], in directory: String, environment: [String: String], input: [UInt8]
) throws -> ScratchProcessResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    // Files instead of pipes: no thread has to drain them, and a background child that keeps one open blocks nothing.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orchestrate-io-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
    try Data(input).write(to: files[0])
    try Data().write(to: files[1])
    try Data().write(to: files[2])
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    // `waitUntilExit` looks only every 50 ms in places.
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    ended.wait()
    return ScratchProcessResult(
        status: process.terminationStatus,
        standardOutput: Array(try Data(contentsOf: files[1])),
        standardError: Array(try Data(contentsOf: files[2])))
}
