#if os(Linux)
import CProcess
import Foundation
import Model
import TestSupport
import Testing

@testable import Jobs

/// The sandbox for machines without user namespaces.
@Suite(.enabled(if: orchestrate_landlock_version() >= 4)) struct LandlockTests {
    private let place: SandboxScene
    private let runner: ProcessRunner

    init() throws {
        place = try SandboxScene()
        runner = ProcessRunner(marker: place.scene.marker, support: SandboxSupport(kind: .landlock, words: []))
    }

    private func run(_ command: String, network: Network = .none) async -> (ending: ProcessOutcome.Ending, text: String)
    {
        var request = place.scene.request(
            command, environment: ["PATH": "/usr/bin:/bin", "HOME": place.home, "OUT": place.elsewhere])
        request.directory = place.slot
        request.sandbox = Sandbox(writable: [place.slot], network: network)
        let outcome = await runner.run(request)
        return (outcome.ending, place.scene.text("log"))
    }

    @Test func `a process can write in its slot and its home`() async {
        let result = await run(
            "echo x >made && cat made && ls /usr/bin/env && echo y >$HOME/z && cat $HOME/z >/dev/null")
        #expect(result.ending == .exited(0))
        #expect(result.text == "x\n/usr/bin/env\n")
    }

    @Test(arguments: [
        "cat \(NSHomeDirectory())/.profile $OUT/file", "echo x >$OUT/new", "cat /etc/shadow", "echo x >/usr/new",
        "echo x >/tmp/orchestrate-new", "ls /home", "cat /proc/\(getpid())/environ", "ls /proc/\(getpid())/root",
        "kill -9 \(getppid())", "echo 1 >/proc/sys/kernel/panic_on_oops", "ln $OUT/file link && cat link",
        "perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) or exit 1'",
        "perl -MSocket -e 'socket(S, AF_INET, SOCK_DGRAM, 0) or exit 1'",
        "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(Listen => 1) or exit 1'",
        "perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0) && listen(S, 1) or exit 1'",
        "perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 262) or exit 1'",
        "perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 132) or exit 1'",
        "perl -MSocket -e 'socket(S, 16, SOCK_DGRAM, 0) or exit 1'", "perl -MSocket -e 'socket(S, 40, 1, 0) or exit 1'",
        "perl -e 'syscall(425, 8, $p = \"\\0\" x 256) >= 0 or exit 1'", "unshare -Ur true",
        "perl -e 'syscall(302, getppid(), 7, $p = \"\\0\" x 16, 0) == 0 or exit 1'", "renice -n 19 -p $PPID",
        "perl -e 'defined shmget(42, 100, 0600 | 512) or exit 1'",
    ])
    func `a forbidden command fails`(_ command: String) async {
        let result = await run("\(command) && echo done")
        #expect(!result.text.contains("done"), "\(result.text)")
        #expect(result.ending != .exited(0))
    }

    @Test func `the home vanishes with the process`() async {
        let result = await run("echo x >$HOME/x; chmod 0 $HOME/x; mkdir $HOME/d; chmod 0 $HOME/d; printf %s $HOME")
        #expect(result.ending == .exited(0))
        #expect(result.text.hasPrefix("/tmp/orchestrate-"))
        #expect(!FileManager.default.fileExists(atPath: result.text))
    }

    @Test func `hosts are reached only through the proxy`() async {
        let result = await run(
            """
            perl -MIO::Socket::INET -e '
            my ($port) = $ENV{HTTPS_PROXY} =~ /(\\d+)$/; my $s = IO::Socket::INET->new("127.0.0.1:$port") or die;
            print $s "CONNECT other.example:443 HTTP/1.1\\r\\n\\r\\n"; print scalar <$s>;
            print "past\\n" if IO::Socket::INET->new("127.0.0.1:" . ($port - 1)) || $! == 111'
            """, network: .hosts(["api.example.com"]))
        #expect(result.text.contains("HTTP/1.1 403"))
        #expect(!result.text.contains("past"))
    }

    @Test func `a machine without any sandbox is refused with a hint`() async {
        let bare = ProcessRunner(marker: place.scene.marker, support: SandboxSupport(kind: nil, words: ["no bwrap"]))
        var request = place.scene.request("true")
        request.sandbox = Sandbox(writable: [place.slot])
        guard case .couldNotStart(let reason) = await bare.run(request).ending else {
            Issue.record("it started")
            return
        }
        #expect(reason.contains("no bwrap") && reason.contains("sandbox: off"))
    }
}

@Suite struct SeatbeltTests {
    @Test func `a profile names what may be written`() {
        let sandbox = Sandbox(readable: ["/r"], writable: ["/w \"x\""], hidden: ["/h"])
        let profile = Seatbelt.profile(sandbox)
        #expect(profile.contains(#"(allow file-read* file-write* (subpath "/w \"x\""))"#))
        #expect(profile.contains("(deny file-write*)") && profile.contains("(deny network*)"))
    }
}
#endif
