import Foundation
import Jobs
import TestSupport
import Testing

@Suite struct LogTrimmerTests {
    private let directory: ScratchDirectory
    private let secrets = [
        JobEnvironment.Secret(name: "KEY", value: "sk-abcdefgh"),
        JobEnvironment.Secret(name: "LONG_KEY", value: "sk-abcdefgh-and-more"),
    ]

    init() throws { directory = try ScratchDirectory("log") }

    private var log: String { directory.appending("log") }

    private func trimmed(_ text: String, to limit: Int = 1 << 20) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: log))
        try LogTrimmer.trim(log, to: limit, secrets: secrets)
        return try String(contentsOfFile: log, encoding: .utf8)
    }

    @Test func `secrets are replaced by their names, the longest first`() throws {
        #expect(try trimmed("a sk-abcdefgh b sk-abcdefgh-and-more\nsk-abcdefg") == "a [KEY] b [LONG_KEY]\nsk-abcdefg")
    }

    /// The file is read in pieces of 64 KiB.
    @Test(arguments: -20...2) func `a secret across the border of two reads is replaced`(offset: Int) throws {
        let before = String(repeating: ".", count: (1 << 16) + offset)
        let after = String(repeating: "-", count: 100_000)
        #expect(try trimmed(before + "sk-abcdefgh-and-more" + after) == before + "[LONG_KEY]" + after)
    }

    @Test func `a long log keeps its start and its end`() throws {
        let text = (0..<10_000).map { "line \($0)\n" }.joined()
        let kept = try trimmed(text, to: 1000)
        #expect(kept == "\(text.prefix(500))\n[\(text.utf8.count - 1000) bytes left out]\n\(text.suffix(500))")
    }

    /// Wherever the cut falls, no part of a secret that is longer than a few letters may stay.
    @Test(arguments: 0..<24) func `a secret across a cut does not show`(offset: Int) throws {
        let unit = "sk-abcdefgh-and-more"
        let text =
            String(repeating: ".", count: 500 - offset) + unit + String(repeating: "x", count: 5_000) + unit
            + String(repeating: ".", count: 500 - offset)
        let kept = try trimmed(text, to: 1000)
        #expect(!kept.contains("sk-ab"))
        #expect(!kept.contains("more"))
    }

    @Test func `a secret in the part left out does not show`() throws {
        let text = String(repeating: "a", count: 2_000) + "sk-abcdefgh" + String(repeating: "b", count: 505)
        #expect(try trimmed(text, to: 1000).hasSuffix("left out]\n" + String(repeating: "b", count: 500)))
    }

    @Test func `a log that needs no change is left as it is`() throws {
        try Data("short".utf8).write(to: URL(fileURLWithPath: log))
        let before = try FileManager.default.attributesOfItem(atPath: log)[.systemFileNumber] as? Int
        try LogTrimmer.trim(log, to: 100, secrets: [])
        #expect(try FileManager.default.attributesOfItem(atPath: log)[.systemFileNumber] as? Int == before)
    }

    @Test func `a missing log is not an error`() throws {
        try LogTrimmer.trim(directory.appending("none"), to: 100, secrets: secrets)
        #expect(!FileManager.default.fileExists(atPath: directory.appending("none")))
    }

    @Test func `a log that was replaced by a link is deleted and its target untouched`() throws {
        let target = directory.appending("target")
        try "sk-abcdefgh".write(toFile: target, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: log, withDestinationPath: target)
        #expect(throws: JobsError.file(log, .notRegular)) { try LogTrimmer.trim(log, to: 100, secrets: secrets) }
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "sk-abcdefgh")
        #expect((try? FileManager.default.attributesOfItem(atPath: log)) == nil)
    }

    @Test func `bytes that are not text survive`() throws {
        let bytes = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try bytes.write(to: URL(fileURLWithPath: log))
        try LogTrimmer.trim(log, to: 1 << 20, secrets: secrets)
        #expect(try Data(contentsOf: URL(fileURLWithPath: log)) == bytes)
    }
}
