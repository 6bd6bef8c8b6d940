import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A lock on a folder that lets one process at a time open a store or take the lock of a run there.
///
/// The kernel's `flock` on the folder itself; it ends with its process. Holders keep it for milliseconds.
enum FolderGate {
    /// Waits for the lock.
    /// - Returns: the descriptor to give to `leave`.
    /// - Throws: `folder`.
    static func enter(_ folder: String) throws(StoreError) -> Int32 {
        let gate = open(folder, O_RDONLY | O_CLOEXEC)
        guard gate >= 0 else { throw failure(folder) }
        while flock(gate, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = failure(folder)
                close(gate)
                throw error
            }
        }
        return gate
    }

    static func leave(_ gate: Int32) {
        // Closing alone would leave the lock with a child between fork and exec.
        flock(gate, LOCK_UN)
        close(gate)
    }

    private static func failure(_ folder: String) -> StoreError {
        .folder(path: folder, detail: String(cString: strerror(errno)))
    }
}
