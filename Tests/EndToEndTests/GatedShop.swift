import Foundation
import Model
import Store
import TestSupport

/// A workshop whose workers say that they have begun and then wait at a gate of their task, if it is closed.
struct GatedShop {
    let shop: Workshop

    /// - Parameters:
    ///   - files: by path; what holds `old` is to say `new`.
    ///   - workers: lines of `workers` in the plan, beside its one step.
    ///   - more: what follows in the plan.
    init(_ files: [String: String], workers: String = "max_parallel: 2", step: String = "", more: String = "") throws {
        shop = try Workshop()
        try shop.repository.commit(files)
        try plan(workers: workers, step: step, more: more)
    }

    func plan(workers: String = "max_parallel: 2", step: String = "", more: String = "") throws {
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              \(workers)
              ladder:
                - run: |
                    : \(shop.mark)
                    echo {task} >>$TRACE
                    while [ -e $TRACE.gate-{task} ]; do sleep 0.02; done
                    sed -i s/old/new/ {files}
                  \(step)
            verify:
              done: [{run: "! grep -q old {file}"}]
            \(more)
            """)
    }

    /// `count` files that do not need each other.
    static func files(_ count: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ("f\($0).py", "old\n") })
    }

    func close(_ tasks: String...) {
        for task in tasks { _ = FileManager.default.createFile(atPath: "\(shop.trace).gate-\(task)", contents: nil) }
    }

    func open(_ tasks: String...) throws {
        for task in tasks { try FileManager.default.removeItem(atPath: "\(shop.trace).gate-\(task)") }
    }

    /// Starts the plan and waits until these workers, and no others, have begun.
    func start(until tasks: String..., arguments: [String] = []) throws -> Process {
        let process = try shop.start(
            ["migrate", "--plan", shop.planPath] + arguments, environment: shop.environment,
            saying: shop.directory.appending("said"))
        shop.wait("\(tasks) start", for: process) { shop.traceLines().sorted() == tasks.sorted() }
        return process
    }

    /// What `start` has printed.
    var said: String { (try? String(contentsOfFile: shop.directory.appending("said"), encoding: .utf8)) ?? "" }

    /// The log of the last run.
    func log() throws -> [LoggedEvent.Body] {
        try shop.lastRun { try $0.events(of: $1) }.map(\.body)
    }

    /// The prompt of an attempt.
    func prompt(_ task: String, _ attempt: Int) throws -> String { try shop.jobFile(task, attempt, "prompt.md") }
}
