#if os(Linux)
import CProcess
import Glibc

/// A program about to be started: everything it gets.
struct ProcessStart: Sendable {
    /// The first element is the program: a path, or a name that is looked up in the `PATH` of `environment`.
    var arguments: [String]
    var environment: [String: String]
    var directory: String
    /// Descriptors beside the standard ones that stay open in it.
    var kept: [Int32] = []
    /// Bytes of the largest file that it may write.
    var fileSize: Int?
    /// Seconds of processor time that one of its processes may use.
    var cpu: Int?
    /// A Landlock ruleset that it is put under.
    var ruleset: Int32?
    /// A seccomp program that it is put under.
    var filter: [UInt8] = []

    /// Starts it as the leader of a session of its own, without copying this program's memory.
    ///
    /// Blocks for about a millisecond.
    func spawn(_ files: ProcessFiles) throws(JobsError) -> pid_t {
        let program = try resolved()
        let variables = environment.map { "\($0.key)=\($0.value)" }
        var failed = orchestrate_step_fork
        var result: pid_t = -1
        var problem: Int32 = 0
        Self.withArray(arguments) { arguments in
            Self.withArray(variables) { variables in
                filter.withUnsafeBytes { filter in
                    kept.withUnsafeBufferPointer { kept in
                        program.withCString { program in
                            directory.withCString { directory in
                                var start = orchestrate_start(
                                    program: program, arguments: arguments, environment: variables,
                                    directory: directory, streams: (files.input, files.out, files.error),
                                    kept: kept.baseAddress, kept_count: Int32(kept.count),
                                    file_size: Int64(fileSize ?? -1), cpu: Int64(cpu ?? -1), ruleset: ruleset ?? -1,
                                    filter: filter.isEmpty ? nil : filter.baseAddress,
                                    filter_length: Int32(filter.count / Self.instructionSize))
                                result = orchestrate_start(&start, &failed)
                                problem = errno
                            }
                        }
                    }
                }
            }
        }
        guard result < 0 else { return result }
        throw error(failed, problem, program)
    }

    /// Bytes of one instruction of a seccomp program (`struct sock_filter`).
    private static let instructionSize = 8

    /// Calls with strings as C takes lists of them.
    private static func withArray(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Void) {
        var pointers = strings.map { strdup($0) } + [nil]
        body(&pointers)
        for pointer in pointers { free(pointer) }
    }

    private func resolved() throws(JobsError) -> String {
        let name = arguments[0]
        if name.contains("/") { return name }
        for folder in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let path = "\(folder)/\(name)"
            if access(path, X_OK) == 0 { return path }
        }
        throw .cannotStart(name, ENOENT)
    }

    private func error(_ step: orchestrate_start_step, _ problem: Int32, _ program: String) -> JobsError {
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
#endif
