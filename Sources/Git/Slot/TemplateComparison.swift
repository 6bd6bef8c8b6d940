import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Compares the owned paths of a template with a slot, and deletes what does not belong there.
struct TemplateComparison {
    typealias Place = (node: Int, path: RawPath)

    private let template: SlotTemplate
    private let cache: StatCache
    private let directories: NewDirectory
    private let watch: DirectoryWatch
    /// Whether all directories of the template are watched.
    private(set) var isWatched = true
    /// The states of files that are as they were left; unknown for the others.
    private(set) var states: [FileState]
    /// Files and links that have to be copied, in order.
    private(set) var missing: [Place] = []
    /// Directories that get their mode and attributes once their files are there, children before parents.
    private(set) var unfinished: [Place] = []
    private var deleted = 0

    /// Whether nothing had to be done.
    var isEqual: Bool { missing.isEmpty && unfinished.isEmpty && deleted == 0 }

    init(
        _ template: SlotTemplate, known: [FileState], cache: StatCache, directories: NewDirectory, watch: DirectoryWatch
    ) {
        self.template = template
        self.cache = cache
        self.directories = directories
        self.watch = watch
        states = known
    }

    mutating func run(_ root: borrowing Directory) throws(GitError) {
        try compareKnown(root, path: [], children: template.children(of: nil), mayBeTracked: true)
    }

    /// Compares the template's part of a directory. Returns whether anything is missing or was created there.
    @discardableResult
    private mutating func compareKnown(
        _ directory: borrowing Directory, path: RawPath, children: [Int], mayBeTracked: Bool
    ) throws(GitError) -> Bool {
        var isChanged = false
        for child in children {
            let node = template.nodes[child]
            let inside = path.appending(node.name)
            let status = node.name.withCPath { directory.status($0) }
            switch node.kind {
            case .file, .link:
                if mayBeTracked, isTracked(inside) || holdsTracked(inside) { continue }
                if let status, FileState(status) == states[child] { continue }
                states[child] = FileState()
                missing.append((child, inside))
                isChanged = true
            case .directory, .bridge:
                if try compareDirectory(child, at: inside, in: directory, mayBeTracked: mayBeTracked) {
                    isChanged = true
                }
            }
        }
        return isChanged
    }

    /// Compares a directory of the template. Returns whether it had to be created.
    private mutating func compareDirectory(
        _ number: Int, at path: RawPath, in parent: borrowing Directory, mayBeTracked: Bool
    ) throws(GitError) -> Bool {
        let node = template.nodes[number]
        // A file of the commit at the path of a directory of the template stays.
        if mayBeTracked, let place = cache.find(path), cache.mode(place) != .submodule { return false }
        let isCreated = try path.name.withCPath { (name) throws(GitError) in
            if let status = parent.status(name), status.isDirectory { return false }
            try parent.remove(name, display: path.display)
            if mkdirat(parent.descriptor, name, 0o777) != 0 {
                throw .fileSystem(operation: "make the directory", path: path.display, code: errno)
            }
            return true
        }
        guard let directory = try path.name.withCPath({ (name) throws(GitError) in try parent.child(name) }),
            let status = directory.ownStatus
        else { throw .fileSystem(operation: "enter", path: path.display, code: errno) }
        watch.add(directory, at: path)
        if !watch.watches(path) { isWatched = false }
        let children = template.children(of: number)
        if node.kind == .bridge {
            try compareKnown(directory, path: path, children: children, mayBeTracked: true)
            return isCreated
        }
        directory.makeAccessible()
        let holdsTracked = mayBeTracked && !cache.range(below: path + [RawPath.slash], in: 0..<cache.count).isEmpty
        let before = deleted
        try deleteOthers(in: directory, path: path, children: children, mayBeTracked: holdsTracked)
        let isChanged = try compareKnown(directory, path: path, children: children, mayBeTracked: holdsTracked)
        if isCreated || isChanged || deleted > before || directories.mayDiffer(status, mode: mode_t(node.mode)) {
            unfinished.append((number, path))
        }
        return isCreated
    }

    private mutating func deleteOthers(
        in directory: borrowing Directory, path: RawPath, children: [Int], mayBeTracked: Bool
    ) throws(GitError) {
        let listing = try directory.listing(path: path)
        for number in 0..<listing.count where !hasChild(listing.name(number), among: children) {
            let inside = path.appending(listing.name(number))
            if mayBeTracked, isTracked(inside) || holdsTracked(inside) { continue }
            try inside.name.withCPath { (name) throws(GitError) in
                try directory.remove(name, display: inside.display)
            }
            deleted += 1
        }
    }

    private func hasChild(_ name: ArraySlice<UInt8>, among children: [Int]) -> Bool {
        var low = 0
        var high = children.count
        while low < high {
            let middle = (low + high) / 2
            let other = template.nodes[children[middle]].name
            if other.elementsEqual(name) { return true }
            if other.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        return false
    }

    private func isTracked(_ path: RawPath) -> Bool { cache.find(path) != nil }

    private func holdsTracked(_ path: RawPath) -> Bool {
        !cache.range(below: path + [RawPath.slash], in: 0..<cache.count).isEmpty
    }
}

/// The copies of a template's files in a slot.
struct TemplateCopies: Sendable {
    struct Copy: Sendable {
        var node: Int
        var state: FileState
    }

    private let template: SlotTemplate
    private let treePath: String
    private let relocation: Relocation

    /// Number of files from which several threads copy.
    private static let parallelThreshold = 400
    private static let threads = 4

    init(_ template: SlotTemplate, to treePath: String) {
        self.template = template
        self.treePath = treePath
        relocation = Relocation(from: template.origins, to: treePath)
    }

    /// Writes the copies of some files.
    func write(_ places: [TemplateComparison.Place]) throws(GitError) -> [Copy] {
        if places.count < Self.parallelThreshold { return try write(places[...]) }
        let results = Mutex<(copies: [Copy], error: GitError?)>(([], nil))
        // Neighbouring files share a directory, so each thread takes a contiguous part.
        let share = (places.count + Self.threads - 1) / Self.threads
        DispatchQueue.concurrentPerform(iterations: Self.threads) { number in
            do throws(GitError) {
                let copies = try write(places.dropFirst(number * share).prefix(share))
                results.withLock { $0.copies += copies }
            } catch {
                results.withLock { $0.error = $0.error ?? error }
            }
        }
        let (copies, error) = results.withLock { $0 }
        if let error { throw error }
        return copies
    }

    private func write(_ places: ArraySlice<TemplateComparison.Place>) throws(GitError) -> [Copy] {
        var writer = try CheckoutWriter(root: treePath)
        var shares = true
        var copies: [Copy] = []
        copies.reserveCapacity(places.count)
        let source = Array("\(template.filesPath)/".utf8)
        for place in places {
            let state = try writer.copy(
                template.nodes[place.node], from: source + place.path, relocation: relocation, to: place.path,
                shares: &shares)
            copies.append(Copy(node: place.node, state: state))
        }
        return copies
    }
}
