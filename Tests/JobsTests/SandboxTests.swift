#if os(Linux)
import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// What a process sees of the machine, and what it does not.
@Suite(.enabled(if: SandboxSupport.probe().kind == .bubblewrap)) struct SandboxTests {
    private let place: SandboxScene

    init() throws { place = try SandboxScene() }

    @Test func `it works in its slot`() async {
        let result = await place.run("pwd; echo x >made; cat made; ls /usr/bin/env")
        #expect(result.ending == .exited(0))
        #expect(result.text == "\(place.slot)\nx\n/usr/bin/env\n")
        #expect(FileManager.default.fileExists(atPath: place.slot + "/made"))
    }

    @Test func `it can have the slot in its home and the home in a folder that is shown`() async throws {
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
        "mknod x b 8 0 && cat x", "chroot / true", "dmesg", "cat /dev/kmsg", "cat /dev/sda /dev/vda",
    ])
    func `it cannot`(_ command: String) async {
        let result = await place.run("\(command) && echo done")
        #expect(!result.text.contains("done"), "\(result.text)")
        #expect(result.ending != .exited(0))
        #expect(!FileManager.default.fileExists(atPath: place.elsewhere + "/new"))
    }

    @Test func `home and temporary folders are empty and can be written`() async {
        let result = await place.run(
            "[ $TMPDIR = /tmp ] && for d in $HOME /tmp /var/tmp /dev/shm /run; do ls -A $d | grep -v orchestrate; echo x >$d/x || exit 1; done"
        )
        #expect(result.ending == .exited(0))
        #expect(result.text == "")
        #expect(!FileManager.default.fileExists(atPath: place.home + "/x"))
    }

    @Test func `it sees its own processes alone`() async {
        let result = await place.run("ls /proc | grep -c '^[0-9]'; kill -9 \(getpid()) && echo killed")
        // The sandbox's own first process, a shell, and the two of the pipe.
        #expect(Int(result.text.prefix { $0 != "\n" }).map { $0 < 6 } == true, "\(result.text)")
        #expect(!result.text.contains("killed"))
    }

    @Test func `its exit status is told`() async {
        #expect(await place.run("exit 7").ending == .exited(7))
        #expect(await place.run("kill -9 $$").ending == .signalled(9))
        #expect(await place.run("no-such-program").ending == .exited(127))
    }

    @Test func `a directory that is not there is told as such`() async {
        guard case .couldNotStart(let reason) = await place.run("true", change: { $0.directory = "/nowhere" }).ending
        else {
            Issue.record("it started")
            return
        }
        #expect(reason.contains("/nowhere"))
    }

    @Test func `it is asked to end before it is ended`() async {
        let result = await place.run(
            "trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.05; done", timeout: 0.5)
        #expect(result.ending == .timedOut)
        #expect(result.text.hasPrefix("ready\n") && result.text.hasSuffix("asked\n"))
    }

    @Test func `what it leaves behind ends with it`() async throws {
        let result = await place.run(
            "(setsid sh -c 'while :; do date >>beat; sleep 0.02; done' &); until [ -s beat ]; do sleep 0.01; done")
        #expect(result.ending == .exited(0))
        let size = { try FileManager.default.attributesOfItem(atPath: place.slot + "/beat")[.size] as? Int }
        let first = try size()
        try await Task.sleep(for: .milliseconds(200))
        #expect(try size() == first)
    }

    @Test func `what it used is known`() async {
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

    @Test func `what is hidden stays hidden in what is shown`() async throws {
        let result = await place.run("ls -A $OUT \(place.home); echo x >$OUT/new") {
            $0.sandbox?.readable = [place.scene.directory.path]
            $0.sandbox?.hidden = [place.elsewhere]
        }
        #expect(result.ending != .exited(0))
        #expect(!result.text.contains("file"))
        #expect(!FileManager.default.fileExists(atPath: place.elsewhere + "/new"))
    }
}
#endif
