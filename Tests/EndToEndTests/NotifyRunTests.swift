import Foundation
import TestSupport
import Testing

/// A run that tells people about its end, and what it leaves for other programs.
@Suite(.ownThreads) struct NotifyRunTests {
    @Test func `the plan's command and the user's are told, and a trace is written`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        let (plan, user) = (shop.directory.appending("told-plan"), shop.directory.appending("told-user"))
        try shop.replacingPlan("notify: {run: \"cat >>'\(plan)'\", on: [finished]}")
        let folder = "\(shop.repository.home)/.config/orchestrate"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "run: cat >>'\(user)'\n".write(toFile: "\(folder)/notify.yaml", atomically: true, encoding: .utf8)
        let trace = shop.directory.appending("trace.json")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--trace", trace).status == 0)
        for path in [plan, user] {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains("\"event\":\"finished\"") && text.contains("demo-1 has finished"), "\(text)")
        }
        #expect(try String(contentsOfFile: trace, encoding: .utf8).contains("\"name\":\"landing\""))
        let metrics = try shop.orchestrate("metrics").text
        #expect(metrics.contains("orchestrate_tasks{run=\"demo-1\",state=\"landed\"} 1"), "\(metrics)")
    }
}
