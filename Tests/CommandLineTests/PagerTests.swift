import Foundation
import TestSupport
import Testing

@testable import CommandLine

struct PagerTests {
    @Test func `the pager comes from two variables, then is less`() {
        #expect(Pager.command([:]) == "less")
        #expect(Pager.command(["PAGER": "more"]) == "more")
        #expect(Pager.command(["PAGER": "more", "ORCHESTRATE_PAGER": "most"]) == "most")
    }

    @Test func `an empty pager or cat means no pager`() {
        #expect(Pager.command(["PAGER": ""]) == nil)
        #expect(Pager.command(["ORCHESTRATE_PAGER": "cat", "PAGER": "less"]) == nil)
        #expect(!Pager.show("text", environment: ["PAGER": ""]))
    }

    @Test func `the text goes to the pager's standard input`() throws {
        let scratch = try ScratchDirectory("pager")
        let environment = [
            "PATH": "/usr/bin:/bin",
            "ORCHESTRATE_PAGER": "cat >'\(scratch.path)/out'; echo \"$LESS\" >'\(scratch.path)/less'",
        ]
        #expect(Pager.show("a\nb\n", environment: environment))
        #expect(try String(contentsOfFile: scratch.appending("out"), encoding: .utf8) == "a\nb\n")
        #expect(try String(contentsOfFile: scratch.appending("less"), encoding: .utf8) == "FRX\n")
    }

    @Test func `options of less that are set stay`() throws {
        let scratch = try ScratchDirectory("pager")
        let environment = ["PATH": "/usr/bin:/bin", "PAGER": "echo \"$LESS\" >'\(scratch.path)/less'", "LESS": "S"]
        #expect(Pager.show("a", environment: environment))
        #expect(try String(contentsOfFile: scratch.appending("less"), encoding: .utf8) == "S\n")
    }

    @Test func `a pager that does not exist is not used`() {
        #expect(!Pager.show("text", environment: ["PATH": "/usr/bin:/bin", "PAGER": "no-such-pager-here 2>/dev/null"]))
    }
}
