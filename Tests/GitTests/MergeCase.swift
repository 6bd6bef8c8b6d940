import TestSupport

/// A generated three-way merge: files by path, before and on both sides.
struct MergeCase {
    enum File: Equatable {
        case regular([UInt8])
        case executable([UInt8])
        case link(String)
        case submodule(Int)
    }

    typealias Files = [String: File]

    private(set) var ancestor: Files = [:]
    private(set) var ours: Files = [:]
    private(set) var theirs: Files = [:]
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        for _ in 0..<Int.random(in: 4...18, using: &random) { ancestor[newPath(ancestor)] = newFile() }
        if random.chance(12) {
            let lines = ["*.txt merge=union", "*.py -merge", "*.c merge=binary", "* text=auto", "*.py merge=text"]
            ancestor[random.chance(70) ? ".gitattributes" : "src/.gitattributes"] = .regular(
                Array((random.pick(lines) + "\n").utf8))
        }
        ours = changed(ancestor)
        // Often both sides made the same change, or part of it.
        theirs = changed(random.chance(15) ? ours : ancestor)
    }

    private mutating func changed(_ files: Files) -> Files {
        var files = files
        for _ in 0..<Int.random(in: 1...5, using: &random) { change(&files) }
        return files
    }

    private mutating func change(_ files: inout Files) {
        let paths = files.keys.sorted().filter { !$0.hasSuffix(".gitattributes") }
        guard !paths.isEmpty else {
            files["again.txt"] = newFile()
            return
        }
        let path = random.pick(paths)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<40: files[path] = edited(files[path] ?? .regular([]))
        case 40..<50: files[newPath(files)] = newFile()
        case 50..<58: files[path] = nil
        case 58..<68:
            let file = files.removeValue(forKey: path)
            files[newPath(files)] = random.chance(50) ? edited(file ?? .regular([])) : file
        case 68..<74: renameDirectory(of: path, in: &files)
        case 74..<80: files[path] = toggled(files[path] ?? .regular([]))
        case 80..<84: files[path] = .link(random.pick(["a", "../b", "src/x"]))
        case 84..<88:
            files[path] = nil
            files["\(path)/inside.txt"] = newFile()
        case 88..<92: replaceDirectory(of: path, in: &files)
        case 92..<96: files[path] = .submodule(Int.random(in: 1...3, using: &random))
        default: files["both.txt"] = newFile()
        }
    }

    private mutating func renameDirectory(of path: String, in files: inout Files) {
        guard let slash = path.firstIndex(of: "/") else { return }
        let old = path[...slash]
        let new = random.pick(["moved/", "lib/", "src/deep/"])
        if new.hasPrefix(old) { return }
        for (name, file) in files where name.hasPrefix(old) {
            files[name] = nil
            files[new + name.dropFirst(old.count)] = file
        }
    }

    private mutating func replaceDirectory(of path: String, in files: inout Files) {
        guard let slash = path.firstIndex(of: "/") else { return }
        let directory = String(path[..<slash])
        for name in files.keys where name.hasPrefix("\(directory)/") { files[name] = nil }
        files[directory] = newFile()
    }

    private mutating func newPath(_ files: Files) -> String {
        while true {
            let directory = random.pick(["", "", "src/", "src/deep/", "lib/", "docs/a b/", "ü/"])
            let name = random.pick(["a", "b", "c", "main", "x y", "q\"q"])
            let path = directory + name + random.pick([".txt", ".py", ".c", ""])
            let collides = files.keys.contains { $0.hasPrefix("\(path)/") || path.hasPrefix("\($0)/") }
            if files[path] == nil, !collides { return path }
            if random.chance(20) { return "extra\(files.count)\(Int.random(in: 0..<1000, using: &random)).txt" }
        }
    }

    private mutating func newFile() -> File {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<8: return .regular((0..<200).map { _ in UInt8.random(in: 0...255, using: &random) })
        case 8..<14: return .executable(lines("\n"))
        case 14..<22: return .regular(lines("\r\n"))
        case 22..<25: return .link("a.txt")
        default: return .regular(lines("\n"))
        }
    }

    private mutating func lines(_ ending: String) -> [UInt8] {
        let words = ["{", "}", "", "return x", "call()", "import a", "x = 1", "y = 2"]
        let count = Int.random(in: 0...30, using: &random)
        var text = ""
        for number in 0..<count {
            text += random.chance(50) ? random.pick(words) : "line \(number) \(Int.random(in: 0..<40, using: &random))"
            text += ending
        }
        if random.chance(10), count > 0 { text += "no newline at the end" }
        return Array(text.utf8)
    }

    private mutating func edited(_ file: File) -> File {
        switch file {
        case .regular(let bytes): .regular(edited(bytes))
        case .executable(let bytes): .executable(edited(bytes))
        case .link: .link("elsewhere")
        case .submodule(let number): .submodule(number + 1)
        }
    }

    private mutating func edited(_ bytes: [UInt8]) -> [UInt8] {
        var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<max(1, lines.count), using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: lines.insert(Array("added \(Int.random(in: 0..<9, using: &random))".utf8), at: place)
            case 1 where lines.count > 1: lines.remove(at: place)
            case 2 where lines.count > 6 && place + 3 < lines.count: lines.swapAt(place, place + 3)
            default: if !lines.isEmpty { lines[place] = Array("changed \(Int.random(in: 0..<9, using: &random))".utf8) }
            }
        }
        if random.chance(8) { return Array(String(decoding: bytes, as: UTF8.self).utf8.filter { $0 != 0x0d }) }
        return Array(lines.joined(separator: [0x0a]))
    }

    private func toggled(_ file: File) -> File {
        switch file {
        case .regular(let bytes): .executable(bytes)
        case .executable(let bytes): .regular(bytes)
        default: file
        }
    }
}
