import Foundation
import Jobs

/// A file that carries one message and other files between the coordinator and a machine.
///
/// It is a sequence of records: a line of JSON with name and size, then the bytes. The last record says that the parcel
/// is complete, because a connection may break at any byte.
enum Parcel {
    private struct Record: Codable {
        var name: String
        var size: Int
        var isExecutable: Bool?
    }

    struct Item: Sendable {
        /// Path below the folder of the receiver.
        var name: String
        /// Absolute path of the file to send.
        var path: String
    }

    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    private static let messageName = "/message"
    private static let endName = "/end"
    /// Bytes.
    private static let longestLine = 1 << 16
    private static let chunk = 1 << 18
    /// Bytes of all files of a parcel.
    static let largest = 4 << 30
    /// Bytes of a message.
    private static let largestMessage = 256 << 20

    // MARK: Writing

    /// Writes a parcel to an open file.
    static func write(_ message: some Encodable, _ items: [Item] = [], to file: FileHandle) throws {
        let data = try JSONEncoder().encode(message)
        try write(Record(name: messageName, size: data.count), to: file)
        try file.write(contentsOf: data)
        for item in items { try write(item, to: file) }
        try write(Record(name: endName, size: 0), to: file)
    }

    private static func write(_ item: Item, to file: FileHandle) throws {
        // A file of a job may still grow, so its size is read once.
        guard let (descriptor, size) = try UntrustedFile.opened(item.path) else { return }
        let source = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let isExecutable = access(item.path, X_OK) == 0
        try write(Record(name: item.name, size: size, isExecutable: isExecutable ? true : nil), to: file)
        var rest = size
        while rest > 0 {
            guard let bytes = try source.read(upToCount: min(chunk, rest)), !bytes.isEmpty else {
                // The file became shorter; the receiver expects as many bytes as were announced.
                try file.write(contentsOf: Data(count: rest))
                return
            }
            try file.write(contentsOf: bytes)
            rest -= bytes.count
        }
    }

    private static func write(_ record: Record, to file: FileHandle) throws {
        var line = try JSONEncoder().encode(record)
        line.append(UInt8(ascii: "\n"))
        try file.write(contentsOf: line)
    }

    // MARK: Reading

    /// Reads a parcel and writes its files into a folder.
    ///
    /// - Parameters:
    ///   - folder: absolute path; nil if no files are expected.
    /// - Throws: `Broken` if the parcel is incomplete or holds what it may not.
    static func read<Message: Decodable>(
        _ type: Message.Type, from file: FileHandle, into folder: String? = nil
    ) throws -> Message {
        var reader = Reader(file: file)
        guard let first = try reader.record(), first.name == messageName, first.size <= largestMessage else {
            throw Broken(description: "no answer, or one of another program")
        }
        guard let message = try? JSONDecoder().decode(Message.self, from: try reader.bytes(first.size)) else {
            throw Broken(description: "an answer of another version of the program")
        }
        var total = 0
        while let record = try reader.record() {
            if record.name == endName { return message }
            total += record.size
            guard let folder, isPlain(record.name), record.size >= 0, total <= largest else {
                throw Broken(description: "a file '\(record.name)' that was not asked for")
            }
            try reader.copy(record.size, to: "\(folder)/\(record.name)", isExecutable: record.isExecutable == true)
        }
        throw Broken(description: "the answer ended early")
    }

    /// Whether a path stays below the folder and is no hidden file.
    static func isPlain(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !parts.isEmpty && path.utf8.count < 1024
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
    }

    private struct Reader {
        let file: FileHandle
        private var buffer: [UInt8] = []
        private var place = 0

        init(file: FileHandle) { self.file = file }

        private mutating func fill() throws -> Bool {
            guard let more = try file.read(upToCount: Parcel.chunk), !more.isEmpty else { return false }
            buffer = Array(buffer[place...]) + more
            place = 0
            return true
        }

        mutating func record() throws -> Record? {
            while true {
                if let end = buffer[place...].firstIndex(of: UInt8(ascii: "\n")) {
                    let line = Data(buffer[place..<end])
                    place = end + 1
                    guard let record = try? JSONDecoder().decode(Record.self, from: line) else {
                        throw Broken(description: "no answer of this program")
                    }
                    return record
                }
                guard buffer.count - place < Parcel.longestLine else {
                    throw Broken(description: "no answer of this program")
                }
                if try !fill() { return nil }
            }
        }

        mutating func bytes(_ count: Int) throws -> Data {
            var result = Data()
            while result.count < count { result.append(try next(count - result.count)) }
            return result
        }

        mutating func copy(_ count: Int, to path: String, isExecutable: Bool) throws {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            unlink(path)
            try UntrustedFile.create(path, [])
            let target = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? target.close() }
            var rest = count
            while rest > 0 {
                let part = try next(rest)
                try target.write(contentsOf: part)
                rest -= part.count
            }
            if isExecutable { chmod(path, 0o700) }
        }

        /// Returns at least one of the next bytes, and at most as many as asked for.
        private mutating func next(_ most: Int) throws -> Data {
            if place == buffer.count, try !fill() { throw Broken(description: "the answer ended early") }
            let end = min(buffer.count, place + most)
            defer { place = end }
            return Data(buffer[place..<end])
        }
    }
}
