import Foundation
import Synchronization
import TestSupport

/// A file system with little room, which only root can make.
struct SmallDisk {
    private let path: String

    /// Whether this machine lets the tests make one.
    static let isPossible: Bool = {
        guard getuid() == 0, let scratch = try? ScratchDirectory("disk") else { return false }
        guard let disk = try? SmallDisk(at: scratch.path, megabytes: 1) else { return false }
        disk.remove()
        return true
    }()

    init(at path: String, megabytes: Int) throws {
        self.path = path
        try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    func remove() { try? Self.run("umount", ["-l", path]) }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        let result = try TestSupport.run(
            "/usr/bin/env", [program] + arguments, in: "/", environment: environment, input: [], limit: 60)
        guard result.status == 0 else {
            throw ScratchProcessFailure(command: [program] + arguments, result: result)
        }
    }
}

/// A clock that differs from that of this machine, for the programs that get its variables: only the time of day, as on
/// a machine whose clock is wrong. (libfaketime changes timers, too.)
enum OtherClock {
    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <sys/time.h>
        #include <time.h>
        static long offset(void) {
            const char *text = getenv("OTHER_CLOCK");
            return text ? atol(text) : 0;
        }
        int clock_gettime(clockid_t clock, struct timespec *time) {
            int (*next)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
            int status = next(clock, time);
            if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += offset();
            return status;
        }
        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            int (*next)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
            int status = next(time, zone);
            if (status == 0) time->tv_sec += offset();
            return status;
        }
        time_t time(time_t *place) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (place) *place = now.tv_sec;
            return now.tv_sec;
        }

        """

    private static let folder = try? ScratchDirectory("clock")

    /// nil without a compiler.
    private static let library: String? = {
        guard let folder else { return nil }
        let (code, library) = (folder.appending("clock.c"), folder.appending("clock.so"))
        guard (try? source.write(toFile: code, atomically: true, encoding: .utf8)) != nil else { return nil }
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let result = try? TestSupport.run(
            "/usr/bin/env", ["clang", "-shared", "-fPIC", "-o", library, code, "-ldl"], in: folder.path,
            environment: environment, input: [], limit: 100)
        return result?.status == 0 ? library : nil
    }()

    static var isPossible: Bool { library != nil }

    /// Lines of a shell script.
    static func lines(_ seconds: Int) -> String {
        "export LD_PRELOAD=\(library ?? "") OTHER_CLOCK=\(seconds)"
    }
}

/// What people were told.
final class Told: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
