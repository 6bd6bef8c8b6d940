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
/// By `posix_spawn`: Foundation's `Process` crashes now and then when many tests start programs at once.
///
/// - Parameters:
///   - program: an absolute path.
///   - environment: all that the program sees; nothing is inherited.
///   - input: its standard input.
///   - seconds: how long it may run; then it is killed.
/// - Throws: `ScratchProcessFailure` where it had to be killed.
package func run(
    _ program: String, _ arguments: [String], in directory: String, environment: [String: String], input: [UInt8],
    limit seconds: Double = 600
) throws -> ScratchProcessResult {
    // Files instead of pipes: no thread has to drain them, and a background child that keeps one open blocks nothing.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orchestrate-io-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
    try Data(input).write(to: files[0])

    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    #else
    var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, files[0].path, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files[1].path, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, files[2].path, O_WRONLY | O_CREAT, 0o600)
    #if canImport(Darwin)
    var attributes: posix_spawnattr_t?
    #else
    var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads of a test may block signals. A program that inherits this, such as tmux, cannot be ended.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    // The call that sets a directory for a spawned program is hidden from Swift on Linux.
    let inDirectory = ["sh", "-c", "cd \"$0\" && exec \"$@\"", directory, program]
    var words = (inDirectory + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
        for pointer in words + variables { free(pointer) }
    }
    var process: pid_t = 0
    let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, &variables)
    if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
    let isOverdue = TimeBound.wait(for: process, seconds: seconds)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    var result = ScratchProcessResult(
        status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
        standardOutput: Array(try Data(contentsOf: files[1])),
        standardError: Array(try Data(contentsOf: files[2])))
    guard !isOverdue else {
        result.standardError += Array("killed by the test after \(seconds) s\n".utf8)
        throw ScratchProcessFailure(command: [program] + arguments, result: result)
    }
    return result
}
