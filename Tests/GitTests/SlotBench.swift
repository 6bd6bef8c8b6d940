import Foundation
import Git
import Model
import TestSupport

/// A target repository with a first commit, and a slot beside it.
struct SlotBench {
    let target: ScratchRepository
    let repository: Repository
    let slot: Slot
    /// The worker's checkout, for git commands as a worker would type them.
    let tree: ScratchRepository
    let first: ObjectID

    init(_ files: [String: String], prepare: (ScratchRepository) throws -> Void = { _ in }) throws {
        target = try ScratchRepository("target repo")
        for (path, text) in files { try target.write(path, text) }
        try prepare(target)
        first = try id(try target.commit("first"))
        repository = try Repository(at: target.path, environment: target.environment)
        slot = try Slot(at: target.directory.appending("slots/1"), target: repository)
        tree = try ScratchRepository(existing: slot.treePath, in: target.directory)
    }

    func commit(_ files: [String: String], removing removed: [String] = []) throws -> ObjectID {
        for path in removed { try target.remove(path) }
        return try id(try target.commit(files))
    }

    func inode(_ path: String) throws -> UInt64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: tree.appending(path))
        return try required(attributes[.systemFileNumber] as? UInt64)
    }

    func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: tree.appending(path))) != nil
    }

    /// The tree that git itself would record of the slot's checkout.
    func gitTree() throws -> ObjectID {
        try tree.git("add", "--all")
        return try id(try tree.git("write-tree"))
    }
}

func id(_ hex: String) throws -> ObjectID { try required(ObjectID(hex: hex)) }

/// What a test cannot go on without.
func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

struct Missing: Error {}
