import Foundation
import Model
import Testing

@testable import PlanFile

@Suite struct SandboxKeysTests {
    @Test func `a sandbox is on unless the plan says otherwise`() throws {
        #expect(try PlanText.plan("").sandbox == SandboxRules(mode: .on))
        #expect(try PlanText.plan("sandbox: off").sandbox == SandboxRules(mode: .off))
    }

    @Test func `a sandbox can name paths`() throws {
        let plan = try PlanText.plan("sandbox: {read: [/data], write: [~/.cache/pip]}")
        #expect(plan.sandbox == SandboxRules(mode: .on, read: ["/data"], write: ["~/.cache/pip"]))
    }

    @Test(arguments: [
        ("none", Network.none), ("host", .host),
        (
            "{hosts: [api.example.com, 127.0.0.1:8080, '${URL:-a.example:8443}']}",
            .hosts(["api.example.com", "127.0.0.1:8080", "${URL:-a.example:8443}"])
        ),
    ])
    func `a check says its network`(_ text: String, _ network: Network) throws {
        let plan = try PlanText.plan("verify: {task: [{run: a, network: \(text)}]}")
        #expect(plan.verify.task[0].network == network)
    }

    @Test func `limits of a step complete those of the worker`() throws {
        let plan = try PlanText.plan(
            "verify: {landing: [{run: a, limits: {memory: 1G, processes: 9, file_size: 2M, cpu: 1m, disk: 3M}}]}")
        #expect(
            plan.verify.landing[0].limits
                == ResourceLimits(memory: 1 << 30, processes: 9, fileSize: 2 << 20, cpu: 60, disk: 3 << 20))
    }

    @Test(arguments: [
        ("sandbox: maybe", "6:10: 'sandbox': expected on or off, found 'maybe'"),
        ("sandbox: {read: [~root/x]}", "6:18: 'sandbox.read': the home of another user is not looked up"),
        (
            "verify: {task: [{run: a, network: {hosts: [\"a b\"]}}]}",
            "6:45: 'verify.task.network.hosts': a host name contains only letters, digits, '.' and '-'"
        ),
        (
            "verify: {task: [{run: a, network: {hosts: [$URL]}}]}",
            "6:44: 'verify.task.network.hosts': expected a variable with a host"
        ),
        (
            "verify: {task: [{run: a, network: {hosts: ['${URL:-a b}']}}]}",
            "6:45: 'verify.task.network.hosts': a host name contains only letters, digits, '.' and '-'"
        ),
        (
            "verify: {task: [{run: a, network: {hosts: [\"a:99999\"]}}]}",
            "6:45: 'verify.task.network.hosts': expected a port after the ':'"
        ),
    ])
    func `what is wrong is said`(_ text: String, _ message: String) {
        #expect(PlanText.errors(PlanText.start + text) == [message])
    }

    @Test func `relative paths begin at the plan's folder`() throws {
        let text = PlanText.start + "sandbox: {read: [data, ../lib/, '~', ~/x], write: [/var/cache, ./out]}"
        let plan = try PlanLoader.decode(text, path: "/plans/a/plan.yaml", repository: "/", workerFolders: []).get()
            .plan
        #expect(plan.sandbox.read == ["/plans/a/data", "/plans/lib", "~/", "~/x"])
        #expect(plan.sandbox.write == ["/var/cache", "/plans/a/out"])
    }

    /// Logs of runs that were begun before there was a sandbox.
    @Test func `a plan without the keys is read as one without a sandbox`() throws {
        let plan = try PlanText.plan("verify: {task: [{run: a}]}")
        var object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(plan)) as? [String: Any])
        #expect(object.removeValue(forKey: "sandbox") != nil)
        var verify = try #require(object["verify"] as? [String: Any])
        var checks = try #require(verify["task"] as? [[String: Any]])
        #expect(checks[0].removeValue(forKey: "limits") != nil)
        verify["task"] = checks
        object["verify"] = verify
        let read = try JSONDecoder().decode(Plan.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(read.sandbox.mode == .off)
        #expect(read.verify == plan.verify)
    }
}
