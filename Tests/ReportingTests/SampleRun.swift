import Foundation
import Model
import Testing

@testable import Store

/// A store with one run in which every state occurs, written at fixed times.
final class SampleRun {
    static let id = RunID("modernise-typing-1")
    static let start = 1_790_000_000.0
    static let now = Timestamp(seconds: start + 725)
    /// A coordinator that is said to hold the plan; its start time can never be that of a real process.
    static let owner = RunLock.Owner(
        process: ProcessIdentity(processID: 4242, started: "none"), host: "builder", scope: "none")

    let folder: URL
    let store: EventStore
    let reader: StoreReader
    private(set) var events: [LoggedEvent] = []

    init(finished: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "orchestrate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "state.sqlite").path
        store = try EventStore(path: path)
        reader = try StoreReader(path: path)
        try write()
        if finished { try finish() }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func add(_ after: Double, _ bodies: LoggedEvent.Body...) throws {
        events += try store.append(bodies, run: Self.id, time: Timestamp(seconds: Self.start + after))
    }

    private func write() throws {
        try add(0, .fact(.runStarted(try Self.started())))
        try add(1, .fact(.coordinatorStarted(.init(processID: 4242, tip: try Self.object(1)))))
        try add(2, start("lib-errors.py"), start("lib-paths.py"), start("lib-légende-図.py"), start("lib-broken.py"))
        try add(3, working("lib-errors.py", slot: 0), working("lib-légende-図.py", slot: 2))
        try add(
            4,
            .fact(
                .foundDone(
                    .init(
                        task: TaskID("lib-paths.py"), attempt: 1, base: try Self.object(1),
                        checks: [Self.check("ruff", 0.12)], seconds: 0.4))))
        try add(5, working("lib-broken.py", slot: 3))
        try add(40, try verified("lib-errors.py", 36.5), check(1, ["lib-errors.py"]))
        try add(47, try passed(1, ["lib-errors.py"]), try landed(1, ["lib-errors.py"]))
        try add(60, failed("lib-broken.py", 1), retry("lib-broken.py", "compiles failed"))
        try add(61, start("lib-broken.py", 2), working("lib-broken.py", 2, slot: 3))
        try add(75, try verified("lib-légende-図.py", 71.2), check(2, ["lib-légende-図.py"]))
        try add(
            80,
            .fact(
                .candidateFailed(
                    .init(
                        candidate: 2, tip: try Self.object(1001), task: TaskID("lib-légende-図.py"),
                        failure: Failure(
                            kind: .conflict, summary: "collides with lib-errors.py", places: ["CHANGES.md"]),
                        checks: [], seconds: 0.3))), retry("lib-légende-図.py", "collides with lib-errors.py"))
        try add(81, start("lib-légende-図.py", 2), working("lib-légende-図.py", 2, slot: 2))
        try add(
            110, failed("lib-broken.py", 2), fail("lib-broken.py", "compiles failed"),
            .decision(.block(.init(task: TaskID("app-plugin.py"), cause: TaskID("lib-broken.py")))))
        try add(150, try verified("lib-légende-図.py", 69), check(3, ["lib-légende-図.py"]))
        try add(156, try passed(3, ["lib-légende-図.py"]), try landed(3, ["lib-légende-図.py"]))
        try add(160, start("app-main.py"), start("app-cli.py"), start("app-api.py"), start("app-web.py"))
        try add(161, working("app-main.py", slot: 0), working("app-cli.py", slot: 1), working("app-api.py", slot: 2))
        try add(170, working("app-web.py", slot: 3))
        try add(300, try verified("app-main.py", 139))
        try add(
            310, check(4, ["app-main.py"]), try verified("app-cli.py", 149),
            .decision(
                .wait(.init(task: TaskID("app-cli.py"), reason: "app-main.py is before it in line on the same paths"))))
    }

    private func finish() throws {
        try add(320, try passed(4, ["app-main.py"]), try landed(4, ["app-main.py"]), check(5, ["app-cli.py"]))
        try add(330, try passed(5, ["app-cli.py"]), try landed(5, ["app-cli.py"]))
        try add(400, try verified("app-api.py", 239), check(6, ["app-api.py"]))
        try add(410, try passed(6, ["app-api.py"]), try landed(6, ["app-api.py"]))
        try add(500, try verified("app-web.py", 330), check(7, ["app-web.py"]))
        try add(510, try passed(7, ["app-web.py"]), try landed(7, ["app-web.py"]))
        try add(511, start("app-end.py"), working("app-end.py", slot: 0))
        try add(600, try verified("app-end.py", 80), check(8, ["app-end.py"]))
        try add(610, try passed(8, ["app-end.py"]), try landed(8, ["app-end.py"]), .decision(.finish))
    }
}
