#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs a program synchronously. The callers are synchronous too, and a git call takes milliseconds.
enum ChildProcess {
    struct Result {
        /// The exit status, or 128 plus the number of the signal.
        var status: Int32
        var output: [UInt8]
        var errors: [UInt8]
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - command: the program, looked up in `PATH` of this process, and its arguments.
    ///   - environment: the complete environment of the program.
    ///   - input: bytes for its standard input.
    /// - Throws: `fileSystem` if the program cannot be started.
    static func run(
        _ command: [String], environment: [String: String], input: [UInt8]
    ) throws(GitError) -> Result {
        let pipes = try Pipes(program: command[0])
        var actions = PosixSpawn.actions()
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes.input.read, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes.output.write, 1)
        posix_spawn_file_actions_adddup2(&actions, pipes.errors.write, 2)
        let process = try PosixSpawn.start(command, environment: environment, actions: &actions)
        pipes.closeChildEnds()
        let (output, errors) = pipes.exchange(input)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return Result(status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: output, errors: errors)
    }
}

/// A pair of connected sockets, used as a pipe. A closed end is -1.
///
/// A socket pair is created close-on-exec in one step, so a program that another thread starts at the same time does not
/// hold an end open. Writing to it need not raise SIGPIPE, which would end the coordinator.
private struct Pipe {
    var read: Int32 = -1
    var write: Int32 = -1

    init(program: String) throws(GitError) {
        var ends: [Int32] = [-1, -1]
        #if os(Linux)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let status = socketpair(AF_UNIX, kind, 0, &ends)
        #else
        let status = socketpair(AF_UNIX, SOCK_STREAM, 0, &ends)
        var on: Int32 = 1
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        #endif
        if status != 0 { throw .fileSystem(operation: "make a pipe to", path: program, code: errno) }
        read = ends[0]
        write = ends[1]
    }
}

private final class Pipes {
    var input: Pipe
    var output: Pipe
    var errors: Pipe

    init(program: String) throws(GitError) {
        input = try Pipe(program: program)
        output = try Pipe(program: program)
        errors = try Pipe(program: program)
    }

    deinit {
        for end in [input.read, input.write, output.read, output.write, errors.read, errors.write] where end >= 0 {
            close(end)
        }
    }

    func closeChildEnds() {
        close(input.read)
        close(output.write)
        close(errors.write)
        (input.read, output.write, errors.write) = (-1, -1, -1)
    }

    /// Writes the input and collects both outputs until the program closes them.
    func exchange(_ bytes: [UInt8]) -> (output: [UInt8], errors: [UInt8]) {
        var rest = bytes[...]
        var output: [UInt8] = []
        var errors: [UInt8] = []
        while true {
            if rest.isEmpty, input.write >= 0 {
                close(input.write)
                input.write = -1
            }
            if self.output.read < 0, self.errors.read < 0 { break }
            var waits = [
                pollfd(fd: input.write, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: self.output.read, events: Int16(POLLIN), revents: 0),
                pollfd(fd: self.errors.read, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&waits, nfds_t(waits.count), -1) < 0, errno != EINTR { break }
            if waits[0].revents != 0, !Self.feed(input.write, &rest) { rest = [] }
            if waits[1].revents != 0, !Self.drain(self.output.read, into: &output) {
                close(self.output.read)
                self.output.read = -1
            }
            if waits[2].revents != 0, !Self.drain(self.errors.read, into: &errors) {
                close(self.errors.read)
                self.errors.read = -1
            }
        }
        return (output, errors)
    }

    /// Returns false once the other end is closed.
    private static func feed(_ descriptor: Int32, _ bytes: inout ArraySlice<UInt8>) -> Bool {
        #if os(Linux)
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        #else
        let flags = MSG_DONTWAIT
        #endif
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
        if count < 0 { return errno == EINTR || errno == EAGAIN }
        bytes = bytes.dropFirst(count)
        return true
    }

    /// Returns false at the end of the data.
    private static func drain(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0 { return errno == EINTR }
        bytes.append(contentsOf: buffer.prefix(count))
        return count > 0
    }
}

private enum PosixSpawn {
    #if canImport(Glibc)
    typealias Actions = posix_spawn_file_actions_t
    typealias Attributes = posix_spawnattr_t
    static func actions() -> Actions {
        var actions = Actions()
        posix_spawn_file_actions_init(&actions)
        return actions
    }
    static func attributes() -> Attributes {
        var attributes = Attributes()
        posix_spawnattr_init(&attributes)
        return attributes
    }
    #else
    typealias Actions = posix_spawn_file_actions_t?
    typealias Attributes = posix_spawnattr_t?
    static func actions() -> Actions {
        var actions: Actions
        posix_spawn_file_actions_init(&actions)
        return actions
    }
    static func attributes() -> Attributes {
        var attributes: Attributes
        posix_spawnattr_init(&attributes)
        return attributes
    }
    #endif

    /// Starts a program in a new process group, with no signal blocked or ignored. Ctrl-C then reaches the coordinator,
    /// which stops in order, but not this git.
    static func start(
        _ command: [String], environment: [String: String], actions: inout Actions
    ) throws(GitError) -> pid_t {
        var attributes = attributes()
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        sigaddset(&none, SIGPIPE)
        sigaddset(&none, SIGINT)
        posix_spawnattr_setsigdefault(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for pointer in arguments + variables { free(pointer) }
        }
        var process: pid_t = 0
        let status = posix_spawnp(&process, command[0], &actions, &attributes, &arguments, &variables)
        if status != 0 { throw .fileSystem(operation: "start", path: command[0], code: status) }
        return process
    }
}
