import Foundation
import Testing

/// Compares a text with the file of that name under `Goldens`.
///
/// A missing file is written and the test fails. `ORCHESTRATE_RECORD=1` writes all of them anew.
func expectGolden(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
    let file = folder.appending(path: name)
    let isRecording = ProcessInfo.processInfo.environment["ORCHESTRATE_RECORD"] == "1"
    guard !isRecording, let expected = try? String(contentsOf: file, encoding: .utf8) else {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        if !isRecording { Issue.record("\(name) was not there and is now recorded", sourceLocation: sourceLocation) }
        return
    }
    #expect(text == expected, "\(name) differs", sourceLocation: sourceLocation)
}
