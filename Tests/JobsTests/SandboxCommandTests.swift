#if os(Linux)
import CProcess
import Foundation
import Model
import TestSupport
import Testing

@testable import Jobs

/// The bubblewrap command line that is made for a sandbox.
@Suite struct SandboxCommandTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("command") }

    private func command(
        _ sandbox: Sandbox, closesNamespaces: Bool = true, home: String? = nil, channels: Bubblewrap.Channels? = nil
    ) -> [String] {
        Bubblewrap(program: "/usr/bin/bwrap", closesNamespaces: closesNamespaces).command(
            ["tool", "a b"], in: sandbox, home: home, directory: "/work", channels: channels)
    }

    private func contains(_ command: [String], _ words: String...) -> Bool {
        command.indices.contains { command[$0...].starts(with: words) }
    }

    @Test func `every namespace is new and every privilege is dropped`() {
        let command = command(Sandbox())
        #expect(command.starts(with: ["/usr/bin/bwrap", "--unshare-all", "--unshare-user", "--die-with-parent"]))
        #expect(contains(command, "--cap-drop", "ALL"))
        #expect(contains(command, "--proc", "/proc", "--dev", "/dev"))
        #expect(command.suffix(7) == ["--remount-ro", "/", "--chdir", "/work", "--", "tool", "a b"])
    }

    @Test func `only the network of the host is shared`() {
        #expect(command(Sandbox(network: .host)).contains("--share-net"))
        #expect(!command(Sandbox(network: .none)).contains("--share-net"))
        #expect(!command(Sandbox(network: .hosts(["a.example"]))).contains("--share-net"))
    }

    @Test func `an old bubblewrap is not asked to close namespaces`() {
        #expect(command(Sandbox()).contains("--disable-userns"))
        #expect(!command(Sandbox(), closesNamespaces: false).contains("--disable-userns"))
    }

    @Test func `each channel is named by its descriptor`() {
        let all = command(Sandbox(), channels: .init(status: 7, filter: 8, gate: 9))
        #expect(contains(all, "--json-status-fd", "7", "--seccomp", "8", "--block-fd", "9"))
        let one = command(Sandbox(), channels: .init(status: 7))
        #expect(contains(one, "--json-status-fd", "7"))
        #expect(!one.contains("--seccomp") && !one.contains("--block-fd"))
    }

    @Test func `a path is mounted with its access`() throws {
        let (read, write) = (try directory.makeDirectory("read"), try directory.makeDirectory("write"))
        let command = command(Sandbox(readable: [read, "/not/there"], writable: [write]))
        #expect(contains(command, "--ro-bind", read, read))
        #expect(contains(command, "--bind", write, write))
        #expect(!command.contains("/not/there"))
    }

    @Test func `write access wins over read access and over being hidden`() throws {
        let path = try directory.makeDirectory("path")
        let command = command(Sandbox(readable: [directory.path, path], writable: [path], hidden: [path]))
        #expect(contains(command, "--bind", path, path))
        #expect(!contains(command, "--ro-bind", path, path))
        #expect(!contains(command, "--tmpfs", path))
    }

    @Test func `read access wins over being hidden`() throws {
        let path = try directory.makeDirectory("path")
        let command = command(Sandbox(readable: [directory.path, path], hidden: [path]))
        #expect(contains(command, "--ro-bind", path, path))
        #expect(!contains(command, "--tmpfs", path))
    }

    @Test func `a folder is hidden only inside something that is shown`() throws {
        let path = try directory.makeDirectory("shown/hidden")
        let shown = command(Sandbox(readable: [directory.appending("shown")], hidden: [path]))
        #expect(contains(shown, "--perms", "0555", "--size", "4096", "--tmpfs", path))
        #expect(!command(Sandbox(hidden: [path])).contains(path))
    }

    @Test func `deeper mounts come after the ones they lie in`() throws {
        let inner = try directory.makeDirectory("a/b/c")
        let command = command(
            Sandbox(readable: [directory.appending("a")], writable: [inner], hidden: [directory.appending("a/b")]))
        let places = [directory.appending("a"), directory.appending("a/b"), inner].map { command.firstIndex(of: $0) }
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        #expect(places.allSatisfy { $0 != nil })
    }

    @Test func `home and temporary folders are in memory and limited`() {
        let command = command(Sandbox(), home: "/home/ada")
        let share = "\(MachineMemory.total / 8)"
        for (path, size) in [
            ("/tmp", share), ("/dev/shm", share), ("/home/ada", share), ("/var/tmp", "67108864"), ("/run", "67108864"),
        ] {
            #expect(contains(command, "--perms", "1777", "--size", size, "--tmpfs", path), "\(path)")
        }
    }

    @Test func `the system is shown without its secrets`() throws {
        let command = command(Sandbox())
        #expect(contains(command, "--ro-bind", "/usr", "/usr"))
        for secret in SystemView.shared.secrets where !secret.isFolder {
            #expect(contains(command, "--ro-bind", "/dev/null", secret.path))
        }
        if getuid() == 0 {
            #expect(SystemView.shared.secrets.contains { $0.path == "/etc/shadow" && !$0.isFolder })
            #expect(contains(command, "--ro-bind", "/proc/sys", "/proc/sys"))
        }
    }

    @Test func `Landlock states what each version cannot do`() {
        let common = LandlockRules.words(version: 6).count
        #expect(LandlockRules.words(version: 3).count == common + 2)
        #expect(LandlockRules.words(version: 4).count == common + 1)
        #expect(LandlockRules.words(version: 5).count == common + 1)
        #expect(LandlockRules.words(version: 3).contains { $0.contains("Landlock 4") })
        #expect(LandlockRules.words(version: 5).contains { $0.contains("Landlock 6") })
        #expect(LandlockRules.words(version: 6).contains { $0.contains("owners") })
        #expect(LandlockRules.words(version: 6)[0].contains("version 6"))
    }

    @Test func `Landlock limits the sockets of everything but the host network`() {
        let limited = orchestrate_landlock_version() < 4 ? orchestrate_sockets_none : orchestrate_sockets_stream
        #expect(LandlockRules.sockets(.host) == orchestrate_sockets_any)
        #expect(LandlockRules.sockets(.none) == limited)
        #expect(LandlockRules.sockets(.hosts(["a.example"])) == limited)
    }

    @Test func `Landlock refuses to make a sandbox around a missing writable path`() {
        guard orchestrate_landlock_version() > 0 else { return }
        #expect(throws: JobsError.cannotStart("/not/there", ENOENT)) {
            try LandlockRules.make(Sandbox(writable: ["/not/there"]), scratch: directory.path, port: nil)
        }
    }

    @Test func `a seccomp program grows with what it refuses`() {
        func size(_ sockets: orchestrate_sockets, _ rest: Int32 = 0, capacity: Int = 4096) -> Int32 {
            var filter = orchestrate_filter(sockets: sockets, closes_namespaces: rest, shares_processes: rest)
            var buffer = [UInt8](repeating: 0, count: capacity)
            return orchestrate_seccomp_program(&filter, &buffer, Int32(capacity))
        }
        let any = size(orchestrate_sockets_any)
        #expect(any > 0 && any % 8 == 0)
        #expect(size(orchestrate_sockets_none) > any && size(orchestrate_sockets_stream) > any)
        #expect(size(orchestrate_sockets_any, 1) > any)
        // The largest one fits where it is put.
        #expect(size(orchestrate_sockets_stream, 1) > 0)
        #expect(size(orchestrate_sockets_any, capacity: 64) == 0)
    }

    @Test func `for root all users are mapped, and a filter closes namespaces`() throws {
        let mapping = try UserMapping(.init(users: "0 0 5\n", groups: "0 0 5\n"))
        var bubblewrap = Bubblewrap(program: "/usr/bin/bwrap", closesNamespaces: true)
        #expect(!bubblewrap.needsFilter)
        bubblewrap.users = .init(users: "0 0 5\n", groups: "0 0 5\n")
        let command = bubblewrap.command(
            ["tool"], in: Sandbox(), home: nil, directory: "/", channels: .init(status: 7, mapping: mapping))
        #expect(bubblewrap.needsFilter && !command.contains("--disable-userns"))
        #expect(contains(command, "--cap-add", "CAP_CHOWN"))
        #expect(!command.contains("CAP_SYS_ADMIN") && !command.contains("CAP_MKNOD"))
        #expect(contains(command, "--userns-block-fd", "\(mapping.gate)"))
    }

    @Test(arguments: [
        ("         0          0 4294967295\n", "0 0 4294967295\n"),
        ("0 1000 1\n1 100000 65536\n", "0 0 1\n1 1 65536\n"), ("0 1000 1\n", nil), ("", nil), ("x\n", nil),
    ])
    func `the map of a sandbox holds the users of this machine`(text: String, expected: String?) {
        #expect(UserMapping.Map.identity(of: text) == expected)
    }
}

/// What a plan's rules add to every sandbox of a run.
@Suite struct SandboxPolicyTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("policy") }

    private func policy(_ rules: SandboxRules, hidden: [String] = ["/hidden"]) throws -> SandboxPolicy {
        try SandboxPolicy(rules: rules, hidden: hidden, readable: ["/objects"], home: "/home/ada", toolchains: [])
    }

    @Test func `a plan without a sandbox has none`() throws {
        #expect(try policy(SandboxRules(mode: .off)).sandbox(writable: ["/slot"], network: nil, path: nil) == nil)
    }

    @Test(.enabled(if: SandboxSupport.probe().kind != nil))
    func `paths of the run, of the plan and of the process are joined`() throws {
        let rules = SandboxRules(mode: .on, read: ["~/data/", "/opt/x", "/"], write: ["~/.cache", "/cache/"])
        let sandbox = try #require(
            try policy(rules).sandbox(writable: ["/slot"], readable: ["/job"], network: .host, path: nil))
        #expect(sandbox.readable.starts(with: ["/objects", "/home/ada/data", "/opt/x", "/"]))
        #expect(sandbox.readable.contains("/job"))
        #expect(sandbox.writable == ["/home/ada/.cache", "/cache", "/slot"])
        #expect(sandbox.hidden == ["/hidden"])
        #expect(sandbox.network == .host)
    }

    @Test(.enabled(if: SandboxSupport.probe().kind != nil))
    func `toolchains of the process's own PATH are shown`() throws {
        let policy = try policy(SandboxRules(mode: .on))
        let paths = [try directory.makeDirectory("one"), try directory.makeDirectory("two")]
        for _ in 0..<2 {
            for path in paths {
                let sandbox = try #require(policy.sandbox(writable: [], network: nil, path: path))
                #expect(paths.filter { sandbox.readable.contains($0) } == [path])
                #expect(sandbox.network == .none)
            }
        }
    }
}

@Suite struct SeatbeltCommandTests {
    @Test func `single hosts cannot be named`() {
        #expect(throws: JobsError.self) {
            try Seatbelt.command(["true"], in: Sandbox(network: .hosts(["a.example"])))
        }
    }

    @Test func `the program and its arguments follow the profile`() throws {
        let sandbox = Sandbox(network: .host)
        #expect(
            try Seatbelt.command(["tool", "a"], in: sandbox)
                == ["/usr/bin/sandbox-exec", "-p", Seatbelt.profile(sandbox), "tool", "a"])
    }

    @Test func `only the host network is open`() {
        #expect(!Seatbelt.profile(Sandbox(network: .host)).contains("(deny network*)"))
        let closed = Seatbelt.profile(Sandbox(network: .none))
        #expect(closed.contains("(deny network*)\n(allow network* (local ip \"localhost:*\"))"))
    }

    /// Later rules win.
    @Test func `readable and writable paths override hidden ones`() throws {
        let profile = Seatbelt.profile(Sandbox(readable: ["/r"], writable: ["/w"], hidden: ["/h"]))
        let lines = profile.split(separator: "\n")
        let places = [
            "(deny file-read* file-write* (subpath \"/h\"))", "(allow file-read* (subpath \"/r\"))",
            "(allow file-read* file-write* (subpath \"/w\"))",
        ].map { line in lines.firstIndex { $0 == line } }
        let found = places.compactMap { $0 }
        #expect(found.count == 3 && found == found.sorted())
    }
}
#endif
