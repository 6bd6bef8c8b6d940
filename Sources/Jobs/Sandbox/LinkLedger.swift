import Synchronization

/// A record of the slots in which a process may have made a hard link.
///
/// A watch of directories does not see a change that is made through another name of a file. So what it says about such a
/// slot is not the whole truth.
package final class LinkLedger: Sendable {
    package static let shared = LinkLedger()

    private struct Entry {
        /// Processes that run now and have made a link, or could.
        var running = 0
        var isMarked = false
    }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// Begins a record for a slot.
    /// - Parameter tree: absolute path of its checkout.
    package func follow(_ tree: String) {
        entries.withLock { if $0[tree] == nil { $0[tree] = Entry() } }
    }

    /// Returns whether a link may have been made in a slot since the last call. Every call is followed by a look at each
    /// file if this returns true.
    package func takeMark(of tree: String) -> Bool {
        entries.withLock { entries in
            guard let entry = entries[tree] else { return true }
            entries[tree]?.isMarked = false
            return entry.isMarked || entry.running > 0
        }
    }

    /// Marks the slots that have one of these folders, or lie in one.
    /// - Parameter running: added to the number of running processes that may write through a link.
    func mark(_ folders: [String], running: Int = 0) {
        entries.withLock { entries in
            for tree in entries.keys where folders.contains(where: { Self.meets(tree, $0) }) {
                entries[tree]?.isMarked = true
                entries[tree]?.running += running
            }
        }
    }

    private static func meets(_ tree: String, _ folder: String) -> Bool {
        PathQuery.lies(tree, in: folder) || PathQuery.lies(folder, in: tree)
    }
}
