#if os(Linux)
import Foundation
import Model
import TestSupport
import Testing

@testable import Jobs

/// What a process in a sandbox can and cannot do.
@Suite(.enabled(if: SandboxSupport.probe().kind == .bubblewrap)) struct SandboxTests {
    private let place: SandboxScene

    init() throws { place = try SandboxScene() }

    @Test func `a process can write in its slot`() async {
        let result = await place.run("pwd; echo x >made; cat made; ls /usr/bin/env")
        #expect(result.ending == .exited(0))
        #expect(result.text == "\(place.slot)\nx\n/usr/bin/env\n")
        #expect(FileManager.default.fileExists(atPath: place.slot + "/made"))
    }

    @Test func `a slot may lie in the home and the home in a readable folder`() async throws {
        let slot = try place.scene.directory.makeDirectory("home/.local/state/slot")
        let result = await place.run("echo x >made; ls -A \(place.home) $OUT") {
            $0.directory = slot
            $0.sandbox = Sandbox(readable: [place.scene.directory.path], writable: [slot])
        }
        #expect(result.ending == .exited(0))
        #expect(result.text.contains(".local") && !result.text.contains("secret") && result.text.contains("file"))
    }

    @Test(arguments: [
        "cat $HOME/secret", "cat $OUT/file", "echo x >$OUT/new", "cat /etc/shadow", "echo x >/usr/new", "echo x >/new",
        "echo x >/etc/new", "ls /proc/2/root/ && ls /proc/2/root/home/*", "mkdir /home/x", "cat /sys/kernel/notes",
        "echo 1 >/proc/sys/kernel/panic", "echo x >/proc/sysrq-trigger", "mount -t tmpfs none /tmp", "unshare -r true",
        "mknod x b 8 0 && cat x", "chroot / true", "unshare -Ur true",
        "perl -MSocket -e 'socket(S, 40, 1, 0) or exit 1'",
        "perl -e 'syscall(425, 8, $p = \"\\0\" x 256) >= 0 or exit 1'",
        "perl -e 'syscall(56, 0x10000000 | 17, 0, 0, 0, 0) >= 0 or exit 1'", "dmesg", "cat /dev/kmsg",
        "cat /dev/sda /dev/vda",
    ])
    func `a forbidden command fails`(_ command: String) async {
        let result = await place.run("\(command) && echo done")
        #expect(!result.text.contains("done"), "\(result.text)")
        #expect(result.ending != .exited(0))
        #expect(!FileManager.default.fileExists(atPath: place.elsewhere + "/new"))
    }

    @Test(.enabled(if: UserMapping.Map.own != nil, "not root, or a container with one user"))
    func `root gives files to others and becomes one of them, as outside`() async throws {
        let result = await place.run(
            """
            touch a && chown 1000:1000 a && stat -c %u:%g a && rm a
            setpriv --reuid 1000 --regid 1000 --clear-groups id -u; mkdir d && chown 1000 d && touch d/x && rm -r d
            """)
        #expect(result.text == "1000:1000\n1000\n", "\(result.text)")
        #expect(result.ending == .exited(0))
    }

    @Test(arguments: [Network.none, .host])
    func `no other family of sockets is open`(_ network: Network) async throws {
        let result = await place.run(
            """
            perl -e 'for my $f (3 .. 50) { next if $f == 10 || $f == 16;
              for my $t (1, 2, 3, 5) { print "$f/$t\n" if socket(S, $f, $t, 0) } }'
            perl -MSocket -e 'for my $f (AF_UNIX, AF_INET, AF_INET6, 16) {
              print "none: $f\n" unless socket(S, $f, $f == 16 ? SOCK_RAW : SOCK_STREAM, 0) }'
            """, network: network)
        #expect(result.text == "")
    }

    @Test func `nothing of the sandbox's own files is open inside`() async {
        let result = await place.run("ls -l /proc/self/fd /proc/$PPID/fd /proc/1/fd | grep memfd; true")
        #expect(result.text == "")
    }

    @Test func `home and temporary folders are empty and writable`() async {
        let result = await place.run(
            "[ $TMPDIR = /tmp ] && for d in $HOME /tmp /var/tmp /dev/shm /run; do ls -A $d | grep -v orchestrate; echo x >$d/x || exit 1; done"
        )
        #expect(result.ending == .exited(0))
        #expect(result.text == "")
        #expect(!FileManager.default.fileExists(atPath: place.home + "/x"))
    }

    @Test func `a process sees only processes of its sandbox`() async {
        let result = await place.run("ls /proc | grep -c '^[0-9]'; kill -9 \(getpid()) && echo killed")
        // The sandbox's own first process, a shell, and the two of the pipe.
        #expect(Int(result.text.prefix { $0 != "\n" }).map { $0 < 6 } == true, "\(result.text)")
        #expect(!result.text.contains("killed"))
    }

    @Test func `the exit status is reported`() async {
        #expect(await place.run("exit 7").ending == .exited(7))
        #expect(await place.run("kill -9 $$").ending == .signalled(9))
        #expect(await place.run("no-such-program").ending == .exited(127))
    }

    @Test func `a missing directory is reported`() async {
        guard case .couldNotStart(let reason) = await place.run("true", change: { $0.directory = "/nowhere" }).ending
        else {
            Issue.record("it started")
            return
        }
        #expect(reason.contains("/nowhere"))
    }

    @Test func `a process is asked to end before it is killed`() async throws {
        let task = Task {
            await place.run("trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.05; done")
        }
        defer { task.cancel() }
        try await until("it is ready") { place.scene.text("log") == "ready\n" }
        task.cancel()
        let result = await task.value
        #expect(result.ending == .cancelled)
        #expect(result.text.hasPrefix("ready\n") && result.text.hasSuffix("asked\n"))
    }

    /// A process holds its lock on a file until it is gone.
    @Test func `processes left behind end with the sandbox`() async throws {
        let holder = #"use Fcntl ":flock"; open F, ">held"; flock F, LOCK_EX; open R, ">ready"; close R; sleep 1000"#
        let result = await place.run(
            "(setsid perl -e '\(holder)' &); until [ -e ready ]; do sleep 0.01; done")
        #expect(result.ending == .exited(0))
        let held = open(place.slot + "/held", O_RDONLY)
        defer { close(held) }
        try #require(held >= 0)
        try await until("the process that was left behind is gone") { flock(held, LOCK_EX | LOCK_NB) == 0 }
    }

    @Test func `resource usage is measured`() async {
        var request = place.scene.request("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done")
        request.sandbox = Sandbox(writable: [place.scene.directory.path])
        let outcome = await place.scene.runner.run(request)
        #expect(outcome.ending == .exited(0))
        #expect((outcome.processorSeconds ?? 0) > 0.02)
        #expect((outcome.peakMemory ?? 0) > 100_000)
    }

    @Test func `a command too long for an argument runs`() async {
        let result = await place.run("true " + String(repeating: "x ", count: 80_000) + "; echo done")
        #expect(result.text == "done\n")
    }

    @Test func `a hidden folder in a readable one stays hidden`() async throws {
        let result = await place.run("ls -A $OUT \(place.home); echo x >$OUT/new") {
            $0.sandbox?.readable = [place.scene.directory.path]
            $0.sandbox?.hidden = [place.elsewhere]
        }
        #expect(result.ending != .exited(0))
        #expect(!result.text.split(separator: "\n").contains("file"))
        #expect(!FileManager.default.fileExists(atPath: place.elsewhere + "/new"))
    }
}
#endif
