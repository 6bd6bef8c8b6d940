#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The open standard streams of one process. They are closed with their owner.
final class ProcessFiles: Sendable {
    let input: Int32
    let out: Int32
    let error: Int32
    private let startSizes: [Int]

    /// Opens /dev/null for all streams.
    init() throws(JobsError) {
        input = try Self.open("/dev/null", O_RDWR, regular: false)
        (out, error, startSizes) = (input, input, [0, 0])
    }

    /// - Throws: `JobsError.file` for a path that cannot be opened or is not a regular file.
    init(_ request: ProcessRequest) throws(JobsError) {
        var opened: [Int32] = []
        do throws(JobsError) {
            switch request.input {
            case .closed: opened.append(try Self.open("/dev/null", O_RDONLY, regular: false))
            case .file(let path): opened.append(try Self.open(path, O_RDONLY, regular: true))
            case .open(let descriptor): opened.append(try Self.copy(descriptor))
            }
            if case .open(let descriptor, _) = request.output { opened.append(try Self.copy(descriptor)) }
            for path in request.output.paths {
                opened.append(try Self.open(path, O_WRONLY | O_CREAT | O_APPEND, regular: true))
            }
        } catch {
            opened.forEach { _ = close($0) }
            throw error
        }
        input = opened[0]
        out = opened[1]
        self.error = opened.count > 2 ? opened[2] : opened[1]
        startSizes = opened.dropFirst().map { Self.size(of: $0) }
    }

    deinit {
        for descriptor in Set([input, out, error]) { close(descriptor) }
    }

    /// Bytes by which the output file that grew most has grown.
    var growth: Int {
        zip([out, error], startSizes).map { Self.size(of: $0) - $1 }.max() ?? 0
    }

    /// Bytes of all output files.
    var size: Int { Set([out, error]).reduce(0) { $0 + Self.size(of: $1) } }

    private static func size(of descriptor: Int32) -> Int {
        var status = stat()
        // A process may make a file as long as numbers go, of nothing.
        return fstat(descriptor, &status) == 0 ? min(Int(status.st_size), 1 << 60) : 0
    }

    private static func copy(_ descriptor: Int32) throws(JobsError) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .file("descriptor \(descriptor)", .open(errno)) }
        return copy
    }

    private static func open(_ path: String, _ flags: Int32, regular: Bool) throws(JobsError) -> Int32 {
        // O_NONBLOCK, because opening a pipe that a worker planted would wait for its other end.
        #if canImport(Glibc)
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        #else
        let descriptor = Darwin.open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        #endif
        guard descriptor >= 0 else { throw .file(path, .open(errno)) }
        var status = stat()
        guard !regular || (fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG) else {
            close(descriptor)
            throw .file(path, .notRegular)
        }
        return descriptor
    }
}
