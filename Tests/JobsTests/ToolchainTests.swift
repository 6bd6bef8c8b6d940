import Foundation
import Model
import TestSupport
import Testing

@testable import Jobs

/// Toolchains outside the system folders that a process can read.
@Suite struct ToolchainTests {
    private let scratch: ScratchDirectory
    private let home: String

    init() throws {
        scratch = try ScratchDirectory("toolchains")
        home = try scratch.makeDirectory("home")
    }

    private func make(_ paths: String...) throws {
        for path in paths { try scratch.makeDirectory(path) }
    }

    private func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: scratch.appending(path), withDestinationPath: scratch.appending(target))
    }

    private func shown(_ path: String..., repository: String = "repository") -> [String] {
        let toolchains = Toolchains(
            closed: [home, scratch.appending(repository)], system: ["/usr", "/bin"],
            languages: [
                ToolchainFolder(".pyenv"), ToolchainFolder(".nvm"), ToolchainFolder(".rustup"),
                ToolchainFolder(".cargo", parts: ["bin", "registry"], companions: [".rustup"]),
            ])
        return toolchains.readable(
            path: (path.map { scratch.appending($0) } + ["/usr/bin", "relative", ""]).joined(separator: ":")
        )
        .map { $0.replacing(scratch.path + "/", with: "") }.sorted()
    }

    @Test func `a version manager is shown as a whole`() throws {
        try make("home/.pyenv/shims", "home/.nvm/versions/node/v20/bin", "home/.ssh")
        #expect(shown("home/.pyenv/shims", "home/.nvm/versions/node/v20/bin") == ["home/.nvm", "home/.pyenv"])
    }

    @Test func `tokens beside a toolchain are not`() throws {
        try make("home/.cargo/bin", "home/.cargo/registry", "home/.rustup")
        #expect(shown("home/.cargo/bin") == ["home/.cargo/bin", "home/.cargo/registry", "home/.rustup"])
    }

    @Test func `a folder of programs is shown, and never the home it lies in`() throws {
        try make("home/bin", "home/lib", "home/tools")
        #expect(shown("home/bin", "home/tools", "home") == ["home/bin", "home/tools"])
    }

    @Test func `what a program was installed into is shown`() throws {
        try make("opt/swift/bin", "opt/swift/lib")
        #expect(shown("opt/swift/bin") == ["opt/swift"])
    }

    @Test func `links are followed`() throws {
        try make("home/env/bin", "python/bin", "python/lib", "single")
        try "".write(toFile: scratch.appending("home/env/pyvenv.cfg"), atomically: true, encoding: .utf8)
        for file in ["python/bin/python3", "single/tool"] {
            try "".write(toFile: scratch.appending(file), atomically: true, encoding: .utf8)
        }
        try link("home/env/bin/python", to: "python/bin/python3")
        try link("home/env/bin/tool", to: "single/tool")
        #expect(shown("home/env/bin") == ["home/env", "python", "single/tool"])
    }

    @Test func `of the repository a virtual environment is shown and nothing else`() throws {
        try make("repository/.venv/bin", "repository/node_modules/.bin")
        try "".write(toFile: scratch.appending("repository/.venv/pyvenv.cfg"), atomically: true, encoding: .utf8)
        #expect(shown("repository/.venv/bin", "repository/node_modules/.bin") == ["repository/.venv"])
    }
}
