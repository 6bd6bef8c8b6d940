import Foundation
import Store
import Testing

@Suite("The state folder of a repository")
struct StateFolderTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test(arguments: [
        (["XDG_STATE_HOME": "/s", "HOME": "/h"], "/none/lib/.git", "/s/orchestrate/lib-"),
        (["HOME": "/h"], "/none/lib/.git", "/h/.local/state/orchestrate/lib-"),
        (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/none/lib.git", "/h/.local/state/orchestrate/lib-"),
        (["XDG_STATE_HOME": "", "HOME": "/h"], "/none/a b/.git", "/h/.local/state/orchestrate/a b-"),
    ])
    func `it lies where the XDG rules say, named after the repository`(
        environment: [String: String], repository: String, prefix: String
    ) throws {
        let folder = try StateFolder(commonGitDirectory: repository, environment: environment)
        #expect(folder.path.hasPrefix(prefix))
        #expect(folder.path.dropFirst(prefix.count).count == 16)
    }

    @Test(arguments: [[:], ["HOME": ""], ["HOME": "here", "XDG_STATE_HOME": "there"]])
    func `without a home there is no place`(environment: [String: String]) {
        #expect(throws: StoreError.noStateHome) {
            try StateFolder(commonGitDirectory: "/none/.git", environment: environment)
        }
    }

    @Test func `repositories of one name have folders of their own, and two ways to one repository lead to one folder`()
        throws
    {
        let home = ["HOME": scratch.path]
        let one = "\(scratch.path)/one/lib/.git"
        let two = "\(scratch.path)/two/lib/.git"
        for path in [one, two] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/link", withDestinationPath: "one")
        let folder = try StateFolder(commonGitDirectory: one, environment: home)
        #expect(try StateFolder(commonGitDirectory: two, environment: home) != folder)
        #expect(try StateFolder(commonGitDirectory: "\(scratch.path)/link/lib/.git", environment: home) == folder)
    }

    @Test func `it is made for its owner alone, and again without harm`() throws {
        let folder = try StateFolder(commonGitDirectory: "/none/.git", environment: ["HOME": scratch.path])
        try folder.make()
        try folder.make()
        for path in [folder.path, folder.slots, folder.jobs, folder.logs] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o700, "\(path)")
        }
    }

    @Test func `what cannot be made is an error that names it`() throws {
        try Data().write(to: URL(fileURLWithPath: "\(scratch.path)/file"))
        let folder = try StateFolder(
            commonGitDirectory: "/none/.git", environment: ["XDG_STATE_HOME": "\(scratch.path)/file"])
        do {
            try folder.make()
            Issue.record("a folder was made below a file")
        } catch {
            guard case .folder(let path, _) = error else { throw error }
            #expect(path == folder.path)
        }
    }
}
