import Foundation
import Git
import Model
import TestSupport
import Testing

@testable import Coordinator

/// Globs of `copy`, looked at before anything is copied.
@Suite struct CopyAdviceTests {
    private let scratch: ScratchRepository

    init() throws {
        scratch = try ScratchRepository()
        try scratch.commit(["a.py": "1\n", "conf/b.yaml": "1\n", ".gitignore": ".env\n*.local.yaml\nlink\nown\n"])
        try scratch.write(".env", "K=1\n")
        try scratch.write("conf/b.local.yaml", "1\n")
        try scratch.write("notes.txt", "1\n")
    }

    private func advice(_ globs: String...) throws -> CopyAdvice {
        CopyAdvice(
            globs: globs, repository: try Repository(at: scratch.path, environment: scratch.environment), base: "main")
    }

    @Test func `globs of ignored files are fine`() throws {
        #expect(try advice().problems().isEmpty)
        let fine = try advice(".env", "conf/*.local.yaml")
        #expect(try fine.problems().isEmpty && fine.notes().isEmpty)
    }

    @Test(arguments: [
        ("*.py", "which matches only files that Git tracks, such as a.py", "hint: remove '*.py' from 'copy'"),
        (
            "notes.*", "which matches notes.txt, and Git does not ignore that",
            "hint: commit it, or add it to .gitignore"
        ),
        ("gone", "has no such file that Git ignores", "hint: compare it with what 'git -C "),
    ]) func `a glob that brings nothing is refused with the reason`(glob: String, words: String, hint: String) throws {
        let problems = try advice(".env", glob).problems()
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("'copy' names '\(glob)', ") && problems[0].contains(words), "\(problems)")
        #expect(problems[0].contains(hint), "\(problems)")
    }

    @Test func `a glob that also matches tracked files gets a note`() throws {
        let notes = try advice("conf/*").notes()
        #expect(
            notes.count == 1 && notes[0].contains("also matches files that Git tracks, such as conf/b.yaml"), "\(notes)"
        )
    }

    @Test func `a link out of the repository gets a note, and one inside does not`() throws {
        try FileManager.default.createSymbolicLink(
            atPath: scratch.appending("link"), withDestinationPath: "/etc/hostname")
        try FileManager.default.createSymbolicLink(atPath: scratch.appending("own"), withDestinationPath: "a.py")
        let notes = try advice("link", "own").notes()
        #expect(notes.count == 1, "\(notes)")
        #expect(notes.first?.contains("the link 'link', which leads out of the repository to /etc/hostname") == true)
        #expect(notes.first?.contains("sandbox: {read: [\"/etc/hostname\"]}") == true)
    }

    @Test func `a huge copy gets a note with its size`() throws {
        let file = try #require(FileHandle(forWritingAtPath: scratch.appending(".env")))
        try file.truncate(atOffset: 300 << 20)
        try file.close()
        #expect(
            try advice(".env").notes() == [
                "'copy' brings 1 file of 300 MB into each slot\n  hint: let a step of 'setup' make them once, or name fewer files in "
                    + "'copy'"
            ])
    }
}
