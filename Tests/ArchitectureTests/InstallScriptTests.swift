import Foundation
import TestSupport
import Testing

/// `scripts/install-dependencies` on machines that lack this or that, made of a `PATH` of our own.
@Suite struct InstallScriptTests {
    /// A machine: programs that are there, and what they say.
    private struct Machine {
        private let scratch: ScratchDirectory

        /// Programs that the script itself is written with.
        private static let tools = ["sh", "cat", "env", "grep", "mktemp", "rm", "tr"]

        init() throws {
            scratch = try ScratchDirectory("machine")
            try scratch.makeDirectory("bin")
            for tool in Self.tools {
                let path = try #require(
                    ["/usr/bin", "/bin"].map { "\($0)/\(tool)" }.first(where: FileManager.default.fileExists))
                try FileManager.default.createSymbolicLink(
                    atPath: scratch.appending("bin/\(tool)"), withDestinationPath: path)
            }
            try add("uname", "echo Linux")
            try add("id", "echo 0")
        }

        func add(_ program: String, _ script: String = "") throws { try scratch.addProgram("bin/\(program)", script) }

        func add(complete programs: [String]) throws {
            for program in programs { try add(program) }
        }

        /// An apt-get that writes down its arguments and brings what it is asked for.
        func addApt(brings: Bool = true) throws {
            let bin = scratch.appending("bin")
            try add(
                "apt-get",
                """
                echo "$*" >>\(scratch.path)/apt
                case $1 in install) ;; *) exit 0 ;; esac
                \(brings ? "printf '#!/bin/sh\\n' >\(bin)/bwrap && /bin/chmod +x \(bin)/bwrap" : "")
                """)
        }

        var installed: String? { try? String(contentsOfFile: scratch.appending("apt"), encoding: .utf8) }

        func install(_ arguments: String...) throws -> (status: Int32, said: String) {
            let result = try run(
                "/bin/sh", ["\(Project.root)/scripts/install-dependencies"] + arguments, in: scratch.path,
                environment: ["PATH": scratch.appending("bin")], input: [])
            return (result.status, result.text + result.errorText)
        }
    }

    private static let all = ["git", "pkg-config", "python3", "ps", "perl", "tmux", "swift"]

    private static func lackingBubblewrap() throws -> Machine {
        let machine = try Machine()
        try machine.add(complete: all)
        return machine
    }

    @Test func `a complete machine is left alone`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.add("bwrap")
        try machine.addApt()
        #expect(try machine.install() == (0, ""))
        #expect(machine.installed == nil)
    }

    @Test func `exactly what is missing is installed`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.addApt()
        #expect(try machine.install() == (0, "installing bubblewrap\n"))
        #expect(machine.installed == "update -qq\ninstall -y -qq --no-install-recommends bubblewrap\n")
    }

    @Test func `libraries are asked for by their development packages`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.add("pkg-config", "exit 1")
        let (status, said) = try machine.install("--check")
        #expect(status == 1)
        #expect(said == "missing: libgit2-dev libcurl4-openssl-dev libsqlite3-dev bubblewrap\n")
    }

    @Test func `a package that brings nothing is an error`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.addApt(brings: false)
        let (status, said) = try machine.install()
        #expect(status == 1)
        #expect(said.contains("still missing after the installation: bubblewrap"))
    }

    @Test func `what apt says is shown when it fails`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.add("apt-get", "echo no space left; exit 100")
        let (status, said) = try machine.install()
        #expect(status == 1)
        #expect(said.contains("no space left"))
        #expect(said.contains("apt-get could not install bubblewrap"))
    }

    @Test func `sudo is used by those who need it`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.add("id", "echo 1000")
        try machine.addApt()
        try machine.add("sudo", "exec \"$@\"")
        #expect(try machine.install().status == 0)
        #expect(machine.installed != nil)
    }

    @Test func `without root or sudo the command to type is said`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.add("id", "echo 1000")
        try machine.addApt()
        let (status, said) = try machine.install()
        #expect(status == 1)
        #expect(said.contains("as root: apt-get update && apt-get install --no-install-recommends bubblewrap"))
        #expect(machine.installed == nil)
    }

    @Test func `without apt the packages are named`() throws {
        let (status, said) = try Self.lackingBubblewrap().install()
        #expect(status == 1)
        #expect(said.contains("missing, by their names in Debian: bubblewrap"))
    }

    @Test func `homebrew is left to the person`() throws {
        let machine = try Self.lackingBubblewrap()
        try machine.add("uname", "echo Darwin")
        try machine.add("pkg-config", "exit 1")
        let (status, said) = try machine.install()
        #expect(status == 1)
        #expect(said.contains("brew install libgit2"))
    }

    @Test func `a toolchain is asked for and not installed`() throws {
        let machine = try Machine()
        try machine.add(complete: Self.all.filter { $0 != "swift" } + ["bwrap"])
        let (status, said) = try machine.install()
        #expect(status == 1)
        #expect(said.contains("there is no Swift toolchain in PATH"))
    }

    @Test func `a machine that only runs the program needs no toolchain`() throws {
        let machine = try Machine()
        try machine.add(complete: ["git", "bwrap"])
        try machine.add("ldconfig", "echo libgit2.so.1.5 libcurl.so.4")
        let (_, said) = try machine.install("--runtime", "--check")
        #expect(said.hasPrefix("missing: libsqlite3-0"))
        #expect(!said.contains("libgit2") && !said.contains("swift"))
    }
}
