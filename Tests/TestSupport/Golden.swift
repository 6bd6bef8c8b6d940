import Foundation
public import Testing

/// Compares a text with the file of that name in the folder `Goldens` beside the test.
///
/// A missing file is written and the test fails, so that a first recording is not a passed test. `ORCHESTRATE_RECORD=1` writes
/// all of them anew; the diff then shows what changed.
public func expectGolden(
    _ name: String, _ text: String, beside test: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = URL(fileURLWithPath: test).deletingLastPathComponent().appending(path: "Goldens")
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
