#if os(Linux)
import CProcess
import Glibc

/// A program that is about to be started, with everything it gets.
struct ProcessStart: Sendable {
    /// The first element is the program: a path, or a name that is looked up in the `PATH` of `environment`.
    var arguments: [String]
    var environment: [String: String]
    var directory: String
    /// Descriptors that stay open in the program, besides the standard ones.
    var kept: [Int32] = []
    /// Bytes of the largest file that the program may write.
    var fileSize: Int?
    /// Seconds of processor time that each of its processes may use.
    var cpu: Int?
    /// A Landlock ruleset that confines the program.
    var ruleset: Int32?
    /// A seccomp filter that confines the program; empty for none.
    var filter: [UInt8] = []
    /// Whether the program may be kept from gaining privileges, which a listener for hard links needs.
    var mayLosePrivileges = true

    /// Starts the program as the leader of a new session, without copying the memory of this program.
    ///
    /// It blocks for about a millisecond.
    /// - Parameter links: notes the hard links that the program makes; nil if nobody asks.
    func spawn(_ files: ProcessFiles, links: LinkWatch? = nil) throws(JobsError) -> pid_t {
        let program = try resolved()
        let words = CStringArray(arguments)
        let variables = CStringArray(environment.map { "\($0.key)=\($0.value)" })
        let paths = CStringArray([program, directory])
        var failed = orchestrate_step_fork
        var result: pid_t = -1
        var problem: Int32 = 0
        var listener: UnsafeMutablePointer<Int32>?
        if links != nil, mayLosePrivileges { listener = .allocate(capacity: 1) }
        defer { listener?.deallocate() }
        filter.withUnsafeBytes { filter in
            kept.withUnsafeBufferPointer { kept in
                var start = orchestrate_start(
                    program: paths[0], arguments: words.pointer, environment: variables.pointer, directory: paths[1],
                    streams: (files.input, files.out, files.error), kept: kept.baseAddress,
                    kept_count: Int32(kept.count), file_size: Int64(fileSize ?? -1), cpu: Int64(cpu ?? -1),
                    ruleset: ruleset ?? -1, filter: filter.isEmpty ? nil : filter.baseAddress,
                    filter_length: Int32(filter.count / Self.instructionSize))
                result = withExtendedLifetime((words, variables, paths)) {
                    orchestrate_start(&start, listener, &failed)
                }
                problem = errno
            }
        }
        guard result < 0 else {
            links?.begin(listener?.pointee ?? -1)
            return result
        }
        throw error(at: failed, number: problem, program: program)
    }

    /// Bytes of one instruction of a seccomp program (`struct sock_filter`).
    private static let instructionSize = 8

    private func resolved() throws(JobsError) -> String {
        let name = arguments[0]
        if name.contains("/") { return name }
        for folder in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let path = "\(folder)/\(name)"
            if access(path, X_OK) == 0 { return path }
        }
        throw .cannotStart(name, ENOENT)
    }

    private func error(at step: orchestrate_start_step, number problem: Int32, program: String) -> JobsError {
        switch step {
        case orchestrate_step_directory: .cannotStart(directory, problem)
        case orchestrate_step_program where problem == E2BIG:
            .tooLong(
                arguments: arguments.reduce(0) { $0 + $1.utf8.count + 1 },
                environment: environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 })
        case orchestrate_step_confine: .cannotConfine(problem)
        default: .cannotStart(program, problem)
        }
    }
}

/// Strings as a C array that ends with a null pointer.
private final class CStringArray {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointer = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { pointer[index] = strdup(string) }
        pointer[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointer[index]) }
        pointer.deallocate()
    }

    subscript(index: Int) -> UnsafeMutablePointer<CChar>? { pointer[index] }
}
#endif
