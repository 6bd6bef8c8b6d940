import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A run whose output nobody reads.
@Suite(.timeLimit(.minutes(10)))
struct StalledOutputTests {
    /// Writes until the pipe takes nothing more.
    private func fill(_ pipe: Pipe) {
        let writer = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(writer, F_GETFL)
        _ = fcntl(writer, F_SETFL, flags | O_NONBLOCK)
        for size in [4096, 1] {
            let zeros = [UInt8](repeating: 0, count: size)
            while write(writer, zeros, size) > 0 {}
        }
        _ = fcntl(writer, F_SETFL, flags)
    }

    @Test func `a run lands all tasks though nobody reads its standard error`() throws {
        let shop = try Workshop()
        for name in ["a", "b", "c"] { try shop.repository.write("\(name).py", "old\n") }
        try shop.repository.commit()
        try shop.replacingPlan()
        let output = shop.directory.appending("output")
        try Data().write(to: URL(fileURLWithPath: output))
        let pipe = Pipe()
        fill(pipe)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Workshop.program)
        process.arguments = ["migrate", "--plan", shop.planPath]
        process.environment = shop.environment
        process.currentDirectoryURL = URL(fileURLWithPath: shop.repository.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = pipe
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try shop.landed().count == 3)
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(text.contains("3 of 3 tasks done") && text.contains(" lines not shown"))
    }
}
