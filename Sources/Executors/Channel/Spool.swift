import Foundation

/// Files without names that hold parcels on their way. They are gone with their owner, however it ends.
enum Spool {
    struct Failed: Error, CustomStringConvertible {
        var code: Int32
        var description: String { "a temporary file cannot be made: \(String(cString: strerror(code)))" }
    }

    static func make() throws -> FileHandle {
        var template = Array("\(FileManager.default.temporaryDirectory.path)/orchestrate-parcel-XXXXXX".utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        guard descriptor >= 0 else { throw Failed(code: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        template.withUnsafeBufferPointer { _ = $0.baseAddress.map { unlink($0) } }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
