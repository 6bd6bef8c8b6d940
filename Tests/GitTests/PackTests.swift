import Foundation
import Model
import TestSupport
import Testing

@testable import Git

@Suite struct PackTests {
    private let scratch: ScratchRepository
    private var random = SeededGenerator(seed: 20)

    init() throws { scratch = try ScratchRepository() }

    private var objects: String { scratch.appending(".git/objects") }

    /// Lines from few words, so that parts repeat at many distances.
    private mutating func text(lines: Int) -> [UInt8] {
        let words = ["import", "os", "self", "value", "return", "x", "äöü", "0123456789", "    ", "\t", "(", ")", "="]
        return Array(
            (0..<lines).map { _ in
                (0..<Int.random(in: 0..<12, using: &random)).map { _ in random.pick(words) }.joined(separator: " ")
            }.joined(separator: "\n").utf8)
    }

    private mutating func noise(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// Commits files of many sizes, and later versions of them, from which Git makes chains of deltas.
    private mutating func commitFiles() throws {
        for (place, size) in [0, 1, 2, 3, 40, 257, 4_000, 70_000, 300_000].enumerated() {
            try scratch.write("noise\(place)", bytes: noise(size))
            try scratch.write("same\(place)", bytes: [UInt8](repeating: UInt8(place), count: size))
        }
        for _ in 0..<6 {
            for place in 0..<12 {
                let size = [0, 1, 5, 50, 500, 9_000][place % 6]
                var bytes = place < 6 ? text(lines: size) : (try? scratch.bytes("text\(place)")) ?? text(lines: size)
                bytes.insert(contentsOf: text(lines: 2), at: Int.random(in: 0...bytes.count, using: &random))
                try scratch.write("text\(place)", bytes: bytes)
            }
            try scratch.commit()
        }
    }

    private func blobs() throws -> [RawID] {
        try scratch.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
            .split(separator: "\n").filter { $0.hasPrefix("blob") }.compactMap { RawID(hex: String($0.dropFirst(5))) }
    }

    @Test(arguments: [
        ["pack.compression=9"], ["pack.compression=1"], ["pack.compression=0"], ["repack.usedeltabaseoffset=false"],
    ])
    func `packed blobs have the contents that git writes`(options: [String]) throws {
        var test = self
        try test.commitFiles()
        try scratch.git(["-c", options[0], "repack", "-adfq", "--depth=40", "--window=40"])
        let deltas = try scratch.git("cat-file", "--batch-all-objects", "--batch-check=%(deltabase)")
        #expect(deltas.split(separator: "\n").filter { !$0.hasPrefix("0000") }.count > 10)
        let packs = PackedBlobs(objects: objects)
        for id in try blobs() {
            let found = try #require(packs.bytes(id), "\(id.hex)")
            #expect(try ObjectDatabase.hash(found) == id)
        }
    }

    @Test func `several packs and those of an alternate are searched, loose blobs and other objects are not`() throws {
        var test = self
        for number in 0..<3 {
            try scratch.write("file", "\(number)\n" + String(decoding: test.text(lines: 20), as: UTF8.self))
            try scratch.commit()
            try scratch.git("repack", "-dq")
        }
        try scratch.git("clone", "--quiet", "--shared", scratch.path, scratch.directory.path + "/shared")
        let packs = PackedBlobs(objects: scratch.directory.path + "/shared/.git/objects")
        let packed = try blobs()
        #expect(packed.count == 3)
        for id in packed { #expect(try ObjectDatabase.hash(packs.bytes(id) ?? []) == id) }
        try scratch.write("file", "loose")
        try scratch.commit()
        let loose = try #require(RawID(hex: scratch.git("rev-parse", "HEAD:file")))
        #expect(PackedBlobs(objects: objects).bytes(loose) == nil)
        let commit = try #require(RawID(hex: scratch.git("rev-parse", "HEAD~1")))
        #expect(packs.bytes(commit) == nil)
    }

    @Test func `a damaged pack gives the right content, or none`() throws {
        var test = self
        try test.commitFiles()
        try scratch.git("repack", "-adfq", "--depth=40", "--window=40")
        let folder = ".git/objects/pack/"
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.appending(folder))
        let name = try #require(names.first { $0.hasSuffix(".pack") })
        let pack = try scratch.bytes(folder + name)
        let ids = try blobs()
        for _ in 0..<60 {
            var damaged = pack
            for _ in 0..<20 {
                let place = Int.random(in: 12..<damaged.count, using: &test.random)
                damaged[place] = UInt8.random(in: 0...255, using: &test.random)
            }
            try scratch.remove(folder + name)
            try scratch.write(
                folder + name, bytes: test.random.chance(80) ? damaged : Array(pack.prefix(pack.count / 3)))
            let packs = PackedBlobs(objects: objects)
            for id in ids {
                guard let found = packs.bytes(id) else { continue }
                #expect(try ObjectDatabase.hash(found) == id)
            }
        }
    }

    @Test func `noise is no stream`() throws {
        var test = self
        let inflater = Inflater()
        let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1_000 + Inflater.slack)
        defer { output.deallocate() }
        for _ in 0..<20_000 {
            let input = [0x78, 0x9C, test.random.pick([1, 3, 5, 4, 2])] + test.noise(200 + Inflater.slack)
            let isRead = input.withUnsafeBytes {
                inflater.inflate(
                    UnsafeRawBufferPointer(rebasing: $0[..<200]),
                    into: UnsafeMutableBufferPointer(rebasing: output[..<1_000]))
            }
            #expect(!isRead)
        }
    }
}
