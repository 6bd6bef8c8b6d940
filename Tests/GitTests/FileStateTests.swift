import Foundation
import TestSupport
import Testing

@testable import Git

@Suite
struct FileStateTests {
    private func state(_ path: String) throws -> FileState {
        var status = stat()
        #expect(lstat(path, &status) == 0)
        return FileState(status)
    }

    @Test func `a file changed at the very time of the stamp, or after it, is not trusted`() throws {
        let directory = try ScratchDirectory()
        let path = directory.appending("file")
        try Data().write(to: URL(fileURLWithPath: path))
        let stamp = try state(path)
        #expect(try state(path).isRacy(since: stamp))
        // The clock of a file system may tick only every few milliseconds.
        repeat { chmod(path, 0o644) } while try state(path) == stamp
        #expect(try state(path).isRacy(since: stamp))
        #expect(try !stamp.isRacy(since: state(path)))
    }

    @Test func `an unknown state equals none of a file`() throws {
        let directory = try ScratchDirectory()
        #expect(try state(directory.path) != FileState())
    }
}
