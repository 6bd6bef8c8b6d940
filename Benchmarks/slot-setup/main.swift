import Foundation
import Git

/// Measures what the ignored files of a set-up cost in several slots.
struct SetupBenchmark {
    let files: Int
    let slots: Int
    let folder: String

    func run() throws {
        let environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "b",
            "GIT_AUTHOR_EMAIL": "b@example.invalid", "GIT_COMMITTER_NAME": "b",
            "GIT_COMMITTER_EMAIL": "b@example.invalid",
        ]
        try shell(
            "git init -q target && cd target && echo node_modules/ >.gitignore && git add . && git commit -qm base",
            environment)
        let repository = try Repository(at: "\(folder)/target", environment: environment)
        let commit = try repository.resolve("HEAD")
        let maker = try Slot(at: "\(folder)/maker", target: repository)
        try maker.move(to: commit)
        try makeFiles(in: "\(maker.treePath)/node_modules")
        var template: SlotTemplate?
        try shell("sync", environment)
        let made = try seconds {
            template = try maker.makeTemplate(TemplateRequest(key: "k", folder: "\(folder)/template"))
        }
        let all = try (0..<slots).map { try Slot(at: "\(folder)/slot-\($0)", target: repository) }
        let laid = try seconds { for slot in all { try slot.move(to: commit, with: template) } }
        let idle = try seconds { for slot in all { try slot.move(to: commit, with: template) } }
        for slot in all {
            try Data("evil".utf8).write(to: URL(fileURLWithPath: "\(slot.treePath)/node_modules/d0/f0.js"))
        }
        let reset = try seconds { for slot in all { try slot.move(to: commit, with: template) } }
        // What is still to be written to the disk is not to slow down the copies.
        try shell("sync", environment)
        let source = "\(folder)/template/files/node_modules"
        let copied = try seconds {
            for number in 0..<slots { try shell("cp -a '\(source)' copy-\(number)", environment) }
        }
        let again = try seconds {
            for number in 0..<slots {
                try shell("rm -rf copy-\(number) && cp -a '\(source)' copy-\(number)", environment)
            }
        }
        print("\(files) ignored files, \(slots) slots; seconds for all slots together")
        for (name, value, other) in [
            ("making the template, once", made, nil), ("first set-up", laid, copied),
            ("move, nothing changed", idle, again),
            ("move, one file changed", reset, again),
        ] as [(String, Double, Double?)] {
            let ratio = other.map { String(format: "%8.2f  ratio %.2f", $0, value / $0) } ?? ""
            print(
                "  \(name.padding(toLength: 28, withPad: " ", startingAt: 0))" + String(format: "%8.2f", value) + ratio)
        }
        print("  the second column is 'cp -a' for each slot, after 'rm -rf' in the last two lines")
    }

    private func makeFiles(in root: String) throws {
        for number in 0..<files {
            let place = "\(root)/d\(number / 50)"
            if number % 50 == 0 {
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            }
            let text = String(repeating: "module.exports = \(number);\n", count: 1 + number % 80)
            try write(text, to: "\(place)/f\(number % 50).js")
        }
    }

    /// Not with Foundation, which waits for the disk after each file.
    private func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw CocoaError(.fileWriteUnknown) }
        fputs(text, file)
        if fclose(file) != 0 { throw CocoaError(.fileWriteUnknown) }
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func shell(_ script: String, _ environment: [String: String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", script]
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw CocoaError(.executableLoad) }
    }
}

let arguments = CommandLine.arguments.dropFirst().map { $0 }
let place = arguments.count > 2 ? arguments[2] : "/tmp/setup-benchmark-\(ProcessInfo.processInfo.processIdentifier)"
try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: place) }
try SetupBenchmark(
    files: arguments.first.flatMap { Int($0) } ?? 50_000, slots: arguments.count > 1 ? Int(arguments[1]) ?? 5 : 5,
    folder: place
).run()
