import Foundation
import Synchronization

extension SlotState {
    /// Number of files from which several threads write. For fewer, starting threads costs as much as it saves.
    private static let parallelThreshold = 400
    private static let threads = 4
    /// How many slots write all their files at once. One after the other, the first is ready sooner, and the last no later.
    private static let turns = DispatchSemaphore(
        value: max(1, ProcessInfo.processInfo.activeProcessorCount / threads))

    /// Writes the files at the given places of the cache, in that order.
    func writeFiles(_ places: [Int], _ writer: inout CheckoutWriter) throws(GitError) {
        var plain: [PlannedFile] = []
        var filtered: [PlannedFile] = []
        for place in places {
            guard let side = cache.side(place) else { continue }
            let path = cache.path(place)
            let conversion = side.mode.isFile ? try rules.conversion(of: path, objects) : Conversion()
            let file = PlannedFile(path: path, side: side, conversion: conversion)
            if conversion.needsCommandLine { filtered.append(file) } else { plain.append(file) }
        }
        if plain.count < Self.parallelThreshold {
            for file in plain { try file.write(&writer, objects) }
        } else {
            Self.turns.wait()
            defer { Self.turns.signal() }
            try writeSideBySide(plain)
        }
        try writeFiltered(filtered, &writer)
        try recordStates(places, &writer)
    }

    private func writeSideBySide(_ files: [PlannedFile]) throws(GitError) {
        let failures = FailureBox()
        let root = treePath
        let (path, location, isPartial) = (target.objects, target.location, objects.isPartialClone)
        // Neighbouring files share a directory, so each thread takes a contiguous part.
        let share = (files.count + Self.threads - 1) / Self.threads
        DispatchQueue.concurrentPerform(iterations: Self.threads) { number in
            do throws(GitError) {
                let objects = try ObjectDatabase(objects: path, repository: location, isPartialClone: isPartial)
                var writer = try CheckoutWriter(root: root)
                for file in files.dropFirst(number * share).prefix(share) { try file.write(&writer, objects) }
            } catch {
                failures.add(error)
            }
        }
        if let error = failures.first { throw error }
    }
}

/// One file that a move writes.
struct PlannedFile: Sendable {
    var path: RawPath
    var side: TreeDifference.Side
    var conversion: Conversion

    func write(_ writer: inout CheckoutWriter, _ objects: borrowing ObjectDatabase) throws(GitError) {
        if side.mode == .submodule {
            try writer.makeDirectory(at: path)
            return
        }
        let stored = try objects.bytes(side.id)
        let content = conversion.isNone ? stored : conversion.toCheckout(stored, id: side.id)
        try writer.write(content, mode: side.mode, at: path)
    }
}

/// The first error of several threads.
private final class FailureBox: Sendable {
    private let errors = Mutex<[GitError]>([])

    func add(_ error: GitError) { errors.withLock { $0.append(error) } }
    var first: GitError? { errors.withLock { $0.first } }
}
