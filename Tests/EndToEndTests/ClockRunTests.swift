import Foundation
import TestSupport
import Testing

/// A run in the midst of which the machine's clock was a day ahead, and was set back.
@Suite(.ownThreads) struct ClockRunTests {
    /// Moves the first events of the log a day on, and makes the tables again from it.
    private func setBack(_ shop: Workshop) throws {
        let folder = shop.directory.appending("state/orchestrate")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let script = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1])
            store.execute("update events set time = time + 86400 where sequence <= (select max(sequence) / 2 from events)")
            store.commit()
            """
        let result = try run(
            "/usr/bin/env", ["python3", "-c", script, "\(folder)/\(name)/state.sqlite"], in: "/",
            environment: shop.environment, input: [])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.orchestrate("doctor", "--rebuild").status == 0)
    }

    /// All numbers of a JSON document that are below zero, by their path.
    private func negatives(_ value: Any, _ path: String = "") -> [String] {
        switch value {
        case let object as [String: Any]: object.flatMap { negatives($0.value, "\(path).\($0.key)") }
        case let list as [Any]: list.flatMap { negatives($0, path) }
        case let number as NSNumber: number.doubleValue < 0 ? ["\(path) \(number)"] : []
        default: []
        }
    }

    private func expectNothingBelowZero(_ shop: Workshop) throws {
        let json = try shop.orchestrate("status", "--json").text
        #expect(negatives(try JSONSerialization.jsonObject(with: Data(json.utf8))) == [])
        for words in [["status"], ["explain", "f0.py"], ["log", "f0.py"], ["review"]] {
            let result = try run(
                Workshop.program, words, in: shop.repository.path, environment: shop.environment, input: [])
            #expect(result.status == 0, "\(words): \(result.errorText)")
            #expect(result.text.firstMatch(of: /-[0-9.]+ (s|m|h)\b/) == nil, "\(words): \(result.text)")
        }
    }

    @Test func `the run goes on and nothing is below zero`() throws {
        let live = try GatedShop(GatedShop.files(4), more: "budget: {wall: 1h}")
        live.close("f0.py", "f1.py")
        let first = try live.start(until: "f0.py", "f1.py")
        #expect(try live.shop.orchestrate("stop").status == 0)
        try live.open("f0.py", "f1.py")
        first.waitUntilExit()
        #expect(first.terminationStatus == 4)
        try setBack(live.shop)
        try expectNothingBelowZero(live.shop)

        live.close("f2.py")
        let second = try live.shop.start("resume", saying: live.shop.directory.appending("said"))
        live.shop.wait("f2.py starts") { live.shop.traceLines().contains("f2.py") }
        try expectNothingBelowZero(live.shop)
        // The lock is told by the process, not by a time.
        #expect(try live.shop.orchestrate("resume").status == 5)
        try live.open("f2.py")
        second.waitUntilExit()
        #expect(second.terminationStatus == 0, "\(live.said)")
        #expect(try live.shop.landed().count == 4 && live.shop.traceLines().count == 4)
        try expectNothingBelowZero(live.shop)
    }
}
