#if os(Linux)
import Foundation
import Glibc
import TestSupport
import Testing

/// Every way out is tried by a worker of one migration, and tasks without any land all the same.
@Suite(.ownThreads) struct EscapeTests {
    private static let honest = ["honest-1", "honest-2", "honest-3"]
    private static let secret = "hunter2-of-the-user"
    /// The process namespace of the tests.
    private static let processes =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "unknown"

    private let shop: Workshop
    private let outside: String
    private let listener: EscapeListener

    init() throws {
        shop = try Workshop()
        outside = try shop.directory.makeDirectory("outside")
        listener = try EscapeListener()
        try "mine\n".write(toFile: outside + "/mine", atomically: true, encoding: .utf8)
        try shop.directory.makeDirectory("scripts")
        try FileManager.default.createDirectory(
            atPath: shop.repository.home + "/.ssh", withIntermediateDirectories: true)
        try "key\n".write(toFile: shop.repository.home + "/.ssh/id", atomically: true, encoding: .utf8)
    }

    private func loot(_ name: String) -> String { shop.directory.appending("shared/loot-\(name)") }

    /// - Parameter isShut: as where user namespaces are closed, so that Landlock is the sandbox.
    private func migrate(_ escapes: [Escape], isShut: Bool = false) throws -> ScratchProcessResult {
        var files = ["mine.txt": "mine\n"]
        // Without a sandbox this would be done to the machine of whoever runs the tests.
        let isOpen =
            isShut
            ? "touch \(outside)/probe 2>/dev/null"
            : "[ \"$(readlink /proc/self/ns/pid)\" = \"\(Self.processes)\" ]"
        for name in escapes.map(\.name) + Self.honest {
            files["\(name).txt"] = "old\n"
            let script = escapes.first { $0.name == name }?.script ?? ":"
            try """
            LOOT=\(loot(name)) TARGET=\(shop.repository.path) STATE=\(shop.directory.appending("state"))
            OUTSIDE=\(outside) USERHOME=\(shop.repository.home) PORT=\(listener.port) ABSTRACT=\(listener.abstractName)
            MARK=\(shop.mark) SHARED=\(listener.sharedKey)
            if \(isOpen); then exit 1; fi
            export LOOT TARGET STATE OUTSIDE USERHOME PORT ABSTRACT MARK SHARED
            touch secret-\(name)
            \(script)
            rm -f secret-\(name); sed -i s/old/new/ \(name).txt
            """.write(toFile: shop.directory.appending("scripts/\(name)"), atomically: true, encoding: .utf8)
        }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["*.txt"], exclude: [mine.txt]}
            sandbox: {read: ["\(shop.directory.appending("scripts"))"], write: ["\(shop.directory.appending("shared"))"]}
            workers:
              timeout: 20s
              ladder:
                - run: "f={file}; sh \(shop.directory.appending("scripts"))/${f%.txt}"
                  attempts: 1
                  limits: {processes: 300, memory: 512M, disk: 100M}
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        var environment = shop.environment
        environment["USER_SECRET"] = Self.secret
        if isShut { environment["ORCHESTRATE_NAMESPACES"] = "closed" }
        return try run(
            Workshop.program, ["migrate", "--plan", shop.planPath], in: shop.repository.path, environment: environment,
            input: [])
    }

    @Test func `no worker gets out and the run goes on`() throws {
        let before = try beforeAndAfter()
        let result = try migrate(Escape.all)
        #expect(result.status == 1, "\(result.errorText)")
        let landed = Set(try shop.landed())
        #expect(landed.isSuperset(of: Self.honest.map { "\($0).txt" }))
        var rows = ["| a worker | what comes of it |", "|---|---|"]
        for escape in Escape.all {
            let task = "\(escape.name).txt"
            let found = (try? String(contentsOfFile: loot(escape.name), encoding: .utf8)) ?? ""
            #expect(found == "", "\(escape.name) got out: \(found)")
            if let ending = escape.ending {
                let told = try shop.orchestrate("explain", task).text
                #expect(!landed.contains(task))
                #expect(told.contains(ending), "\(escape.name): \(told)")
                rows.append("| \(escape.what) | it is ended, \(ending)\(escape.name == "wall" ? " its timeout" : "") |")
            } else {
                let told = landed.contains(task) ? "" : try shop.orchestrate("explain", task).text
                #expect(landed.contains(task), "\(escape.name): \(told)")
                rows.append("| \(escape.what) | it cannot; its task lands like the others |")
            }
        }
        #expect(try beforeAndAfter() == before)
        #expect(try shop.survivors() == [])
        #expect(listener.connections == 0)
        #expect(listener.packets == 0)
        try EscapeDocument.compare(rows.joined(separator: "\n") + "\n")
    }

    /// Landlock keeps TCP connections from Linux 6.7 on.
    private static let hasLandlock: Bool = {
        let version = ProcessInfo.processInfo.operatingSystemVersion
        return (version.majorVersion, version.minorVersion) >= (6, 7)
    }()

    /// What Landlock cannot keep a worker from: it sees other processes, and older kernels let it signal them.
    private static let visible: Set<String> = ["kill", "ptrace"]

    @Test(.enabled(if: Self.hasLandlock, "this kernel's Landlock does not keep connections"))
    func `no worker gets out where user namespaces are closed`() throws {
        let before = try beforeAndAfter()
        let escapes = Escape.all.filter { !Self.visible.contains($0.name) }
        let result = try migrate(escapes, isShut: true)
        #expect(result.status == 1, "\(result.errorText)")
        let landed = Set(try shop.landed())
        #expect(landed.isSuperset(of: Self.honest.map { "\($0).txt" }))
        for escape in escapes {
            let found = (try? String(contentsOfFile: loot(escape.name), encoding: .utf8)) ?? ""
            #expect(found == "", "\(escape.name) got out: \(found)")
            let told =
                landed.contains("\(escape.name).txt") ? "" : try shop.orchestrate("explain", "\(escape.name).txt").text
            #expect(escape.ending.map(told.contains) ?? true, "\(escape.name): \(told)")
            #expect(landed.contains("\(escape.name).txt") == (escape.ending == nil), "\(escape.name): \(told)")
        }
        #expect(try beforeAndAfter() == before)
        #expect(try shop.survivors() == [])
        #expect(listener.connections == 0)
        #expect(listener.packets == 0)
    }

    /// What of the user's a worker could have changed; made before the files of the tasks are there.
    private func beforeAndAfter() throws -> String {
        let config = (try? String(contentsOfFile: shop.repository.path + "/.git/config", encoding: .utf8)) ?? ""
        let hooks = (try? FileManager.default.contentsOfDirectory(atPath: shop.repository.path + "/.git/hooks")) ?? []
        let mine = try String(contentsOfFile: outside + "/mine", encoding: .utf8)
        return [config, hooks.sorted().joined(separator: " "), mine].joined(separator: "\n")
    }
}

/// The table of escapes in docs/security.md; `RECORD=1 swift test --filter EscapeTests` writes it anew.
enum EscapeDocument {
    static func compare(_ table: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appendingPathComponent("docs/security.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        var wanted = text
        let start = try #require(text.range(of: "<!-- escapes: written by the tests -->\n"))
        let end = try #require(text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex))
        wanted.replaceSubrange(start.upperBound..<end.lowerBound, with: table)
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try Data(wanted.utf8).write(to: file)
            Issue.record("recorded security.md; run again without RECORD")
        }
        #expect(text == wanted, "docs/security.md is out of date: set RECORD=1 once")
    }
}

/// Servers of the user's that nobody is to reach, on TCP, UDP and an abstract socket, and memory that nobody is to attach.
private final class EscapeListener: Sendable {
    let port: UInt16
    let abstractName: String
    /// Of a segment of shared memory and of a queue.
    let sharedKey = Int32.random(in: 1_000_000...Int32.max)
    private let descriptors: [Int32]
    private let datagrams: Int32
    private let memory: Int32
    private let queue: Int32

    init() throws {
        let network = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(network, $0, size) == 0 && listen(network, 8) == 0 && getsockname(network, $0, &size) == 0
            }
        }
        try #require(isListening)
        port = UInt16(bigEndian: address.sin_port)
        let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        let receives = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(datagrams, $0, size) == 0 }
        }
        self.datagrams = datagrams
        try #require(receives)
        memory = shmget(sharedKey, 4096, IPC_CREAT | 0o600)
        queue = msgget(sharedKey, IPC_CREAT | 0o600)
        try #require(memory >= 0 && queue >= 0)

        abstractName = "orchestrate-\(UUID().uuidString)"
        let local = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var path = sockaddr_un()
        path.sun_family = sa_family_t(AF_UNIX)
        let name = [0] + Array(abstractName.utf8)
        withUnsafeMutableBytes(of: &path.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let isBound = withUnsafePointer(to: &path) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(local, $0, length) == 0 && listen(local, 8) == 0
            }
        }
        try #require(isBound)
        descriptors = [network, local]
    }

    deinit {
        for descriptor in descriptors + [datagrams] { close(descriptor) }
        shmctl(memory, IPC_RMID, nil)
        msgctl(queue, IPC_RMID, nil)
    }

    /// How many have arrived.
    var packets: Int {
        var count = 0
        var byte: UInt8 = 0
        while recv(datagrams, &byte, 1, 0) >= 0 { count += 1 }
        return count
    }

    /// How many wait to be taken.
    var connections: Int { descriptors.count { accept($0, nil, nil) >= 0 } }
}
#endif
