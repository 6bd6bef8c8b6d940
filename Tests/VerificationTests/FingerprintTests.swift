import Foundation
import Jobs
import Model
import TestSupport
import Testing

@testable import Verification

@Suite struct FingerprintTests {
    private let fingerprint = Fingerprint()
    private let tree: ObjectID
    private let environment = ["PATH": "/nowhere", "MODE": "fast"]

    init() throws { tree = try #require(ObjectID(hex: String(repeating: "a", count: 40))) }

    private func key(
        command: String = "make", environment: [String: String]? = nil, sandbox: Sandbox? = nil,
        limits: ResourceLimits = ResourceLimits(), executor: String? = nil
    ) -> String {
        fingerprint.key(
            tree: tree, command: command, environment: environment ?? self.environment, sandbox: sandbox,
            limits: limits, executor: executor)
    }

    private func environment(_ changes: [String: String]) -> [String: String] {
        environment.merging(changes) { $1 }
    }

    @Test func `equal questions have one key, in every process`() {
        let other = Fingerprint().key(
            tree: tree, command: "make", environment: environment, sandbox: nil, limits: ResourceLimits())
        #expect(key() == other)
        #expect(key().count == 64)
    }

    @Test func `tree and command are part of the key`() throws {
        let other = try #require(ObjectID(hex: String(repeating: "b", count: 40)))
        #expect(key(command: "make all") != key())
        #expect(
            fingerprint.key(
                tree: other, command: "make", environment: environment, sandbox: nil, limits: ResourceLimits()) != key()
        )
    }

    @Test func `a verdict of an executor answers for no other place, and for no program of this machine`() {
        #expect(Set([key(), key(executor: "a"), key(executor: "b")]).count == 3)
        let shells = ["/bin:/usr/bin", "/usr/bin:/bin"].map { environment(["PATH": $0]) }
        #expect(key(command: "sh x", environment: shells[0]) != key(command: "sh x", environment: environment))
        #expect(key(command: "sh x", executor: "a") == key(command: "sh x", executor: "a"))
    }

    @Test func `the values of the environment are part of the key`() {
        #expect(key(environment: environment(["MODE": "slow"])) != key())
        #expect(key(environment: environment(["MODE": ""])) != key())
    }

    @Test func `the names of the environment are part of the key`() {
        #expect(key(environment: ["PATH": "/nowhere", "KIND": "fast"]) != key())
        #expect(key(environment: environment(["MORE": ""])) != key())
        #expect(key(environment: ["PATH": "/nowhere"]) != key())
    }

    @Test(arguments: [
        "ORCHESTRATE_SLOT", "ORCHESTRATE_PORT_BASE", "ORCHESTRATE_JOB", "ORCHESTRATE_RUN", "ORCHESTRATE_TASK",
        "ORCHESTRATE_ATTEMPT", "ORCHESTRATE_JOB_TOKEN", "TERM",
    ]) func `variables of the place are not part of the key`(name: String) {
        #expect(key(environment: environment([name: "1"])) == key())
        #expect(key(environment: environment([name + "_X": "1"])) != key())
    }

    @Test(arguments: ["ORCHESTRATE_TASK", "ORCHESTRATE_RUN"])
    func `a name that the command mentions is part of the key`(name: String) {
        let command = "test $\(name)"
        #expect(
            key(command: command, environment: environment([name: "1"]))
                != key(command: command, environment: environment([name: "2"])))
    }

    @Test func `every field of the sandbox is part of the key`() {
        let sandboxes: [Sandbox?] = [
            nil, Sandbox(), Sandbox(readable: ["/a"]), Sandbox(writable: ["/a"]), Sandbox(hidden: ["/a"]),
            Sandbox(readable: ["/a", "/b"]), Sandbox(readable: ["/a"], writable: ["/b"]), Sandbox(network: .host),
            Sandbox(network: .hosts([])), Sandbox(network: .hosts(["a"])), Sandbox(network: .hosts(["a", "b"])),
        ]
        #expect(Set(sandboxes.map { key(sandbox: $0) }).count == sandboxes.count)
        // Whoever adds a field adds it to the key too.
        #expect(Mirror(reflecting: Sandbox()).children.count == 4)
    }

    @Test func `every limit is part of the key`() {
        let limits = [
            ResourceLimits(), ResourceLimits(memory: 1), ResourceLimits(processes: 1), ResourceLimits(fileSize: 1),
            ResourceLimits(cpu: 1), ResourceLimits(disk: 1), ResourceLimits(disk: 2),
        ]
        #expect(Set(limits.map { key(limits: $0) }).count == limits.count)
        #expect(Mirror(reflecting: ResourceLimits()).children.count == 5)
    }

    @Test func `the program that a word names is part of the key, wherever it stands`() throws {
        let directory = try ScratchDirectory("fingerprint")
        let path = environment(["PATH": "/none:\(directory.path)"])
        let command = "env X=1 sh -c 'tool --fast'"
        let without = key(command: command, environment: path)
        func install(_ text: String, mode: Int = 0o755) throws {
            try text.write(toFile: directory.appending("tool"), atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: directory.appending("tool"))
        }
        func fresh() -> String {
            Fingerprint().key(
                tree: tree, command: command, environment: path, sandbox: nil, limits: ResourceLimits())
        }
        try install("1", mode: 0o644)
        #expect(fresh() == without)
        try install("1")
        let first = fresh()
        #expect(first != without)
        try install("22")
        #expect(fresh() != first)
        // A file of the checkout is part of the tree already.
        #expect(
            key(command: "./tool", environment: path)
                == Fingerprint().key(
                    tree: tree, command: "./tool", environment: path, sandbox: nil, limits: ResourceLimits()))
    }

    @Test func `a verdict of a worker's slot has another key`() {
        #expect(Fingerprint.inSlot("k") != "k")
        #expect(Fingerprint.inSlot("k") != Fingerprint.inSlot("l"))
    }
}
