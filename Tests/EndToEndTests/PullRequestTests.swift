import Foundation
import TestSupport
import Testing

/// Pull requests and merge requests of divided branches: feedback, stacks, and the loop that keeps them up to date.
@Suite(.ownThreads) struct PullRequestTests {
    /// Two owners of whom the second needs the first. A worker writes what reviewers said to the trace.
    private static func shop(owners: String = "CODEOWNERS") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "a/a.py": "old\n", "a/__init__.py": "", "b/b.py": "from a import a\nold\n", owners: "a/ @a\nb/ @b\n",
        ])
        try shop.plan(
            """
            scope: {include: ["a/a.py", "b/b.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - prompt: file
                  run: "grep -o 'zebra [a-z]*' {prompt} >>$TRACE; sed -i s/old/new/g {files}"
            verify:
              probe: off
              done: [{run: "! grep -q old {file}"}]
              landing: [{name: any, run: "true"}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        return shop
    }

    private static func orchestrate(
        _ shop: Workshop, _ environment: [String: String], _ arguments: String...
    ) throws -> ScratchProcessResult {
        try run(Workshop.program, arguments, in: shop.repository.path, environment: environment, input: [])
    }

    /// Writes a program and returns its folder.
    private static func program(_ name: String, _ text: String, in shop: Workshop) throws -> String {
        let folder = try shop.directory.makeDirectory("program-\(name)")
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
        return folder
    }

    @Test func `a comment on a line reaches the next prompt if it is about the current head, and stacks are linked`()
        throws
    {
        let shop = try Self.shop()
        guard let gh = try GitHubServer.gh(in: shop) else { return }
        let server = try GitHubServer(for: shop)
        var environment = server.environment(shop, gh: gh)
        // The extension is there: only its own part of gh is played.
        let linked = shop.directory.appending("linked")
        let folder = try Self.program(
            "gh",
            """
            #!/bin/sh
            [ "$1" = extension ] && { printf 'gh stack\\tgithub/gh-stack\\tv0.1.0\\n'; exit; }
            [ "$1" = stack ] && { echo "$@" >>\(linked); exit; }
            exec \(gh)/gh "$@"
            """, in: shop)
        environment["PATH"] = "\(folder):\(environment["PATH"] ?? "")"
        let opened = try Self.orchestrate(shop, environment, "land", "--split", "owner", "--pr")
        #expect(opened.status == 0, "\(opened.errorText)")
        #expect(try server.requests().map(\.base) == ["main", "orchestrate-pr/demo/a"])
        #expect(try String(contentsOfFile: linked, encoding: .utf8) == "stack link 1 2\n")
        let older = String(repeating: "0", count: 40)
        try server.change(2) {
            $0.comments = [
                .init(id: 1, path: "b/b.py", line: 2, body: "zebra now", oid: nil),
                .init(id: 2, path: "b/b.py", line: 1, body: "zebra before", oid: older),
            ]
        }
        let looked = try Self.orchestrate(shop, environment, "prs")
        #expect(looked.text.contains("b/b.py:2: zebra now") && !looked.text.contains("before"), "\(looked.text)")
        #expect(try shop.orchestrate("review", "--reject", "b/b.py", "--reason", "see there").status == 0)
        #expect(try shop.orchestrate("resume").status == 0)
        #expect(shop.traceLines() == ["zebra now"])
    }

    @Test func `the watch opens what is left, goes on while the host is away, and ends when all are merged`() throws {
        let shop = try Self.shop()
        guard let gh = try GitHubServer.gh(in: shop) else { return }
        let server = try GitHubServer(for: shop)
        var environment = server.environment(shop, gh: gh)
        let away = shop.directory.appending("away")
        let folder = try Self.program(
            "gh", "#!/bin/sh\n[ -f \(away) ] && { echo nobody is there >&2; exit 1; }\nexec \(gh)/gh \"$@\"\n", in: shop
        )
        environment["PATH"] = "\(folder):\(environment["PATH"] ?? "")"
        #expect(try Self.orchestrate(shop, environment, "land", "--split", "owner", "--pr", "--open", "1").status == 0)
        #expect(try server.requests().count == 1)
        try "".write(toFile: away, atomically: true, encoding: .utf8)
        let said = shop.directory.appending("said")
        let watch = try shop.start(["prs", "--watch", "--every", "1"], environment: environment, saying: said)
        func text() -> String { (try? String(contentsOfFile: said, encoding: .utf8)) ?? "" }
        shop.wait("it says that nobody is there", for: watch) { text().contains("nobody is there") }
        try server.change(1) { $0.state = "MERGED" }
        try FileManager.default.removeItem(atPath: away)
        shop.wait("the second is opened", for: watch) { (try? server.requests().count) == 2 }
        try server.change(2) { $0.state = "MERGED" }
        watch.waitUntilExit()
        #expect(watch.terminationStatus == 0, "\(text())")
    }

    @Test func `merge requests are opened with glab, follow their base and bring what was said`() throws {
        let shop = try Self.shop(owners: ".gitlab/CODEOWNERS")
        let bare = shop.directory.appending("r.git")
        try shop.repository.git("clone", "--quiet", "--bare", shop.repository.path, bare)
        let address = "https://gitlab.localhost/group/sub/r.git"
        try shop.repository.git("remote", "add", "origin", address)
        try "[url \"\(bare)\"]\n    insteadOf = \(address)\n[user]\n    name = Carl\n    email = carl@example.com\n"
            .write(
                toFile: "\(shop.repository.home)/.gitconfig", atomically: true, encoding: .utf8)
        let state = shop.directory.appending("glab.json")
        try "[]".write(toFile: state, atomically: true, encoding: .utf8)
        let folder = try Self.program("glab", Self.glab(state: state, bare: bare, address: address), in: shop)
        var environment = shop.environment
        environment["PATH"] = "\(folder):\(environment["PATH"] ?? "")"
        func requests() throws -> [[String: Any]] {
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: state))) as? [[String: Any]]
                ?? []
        }
        func change(_ position: Int, _ values: [String: Any]) throws {
            var all = try requests()
            all[position].merge(values) { $1 }
            try JSONSerialization.data(withJSONObject: all).write(to: URL(fileURLWithPath: state))
        }
        let opened = try Self.orchestrate(shop, environment, "land", "--split", "owner", "--pr")
        #expect(opened.status == 0, "\(opened.errorText)")
        #expect(try requests().map { $0["target_branch"] as? String } == ["main", "orchestrate-pr/demo/a"])
        let again = try Self.orchestrate(shop, environment, "land", "--split", "owner", "--pr")
        #expect(try again.status == 0 && requests().count == 2)
        try change(
            1,
            [
                "head_pipeline": ["status": "failed"],
                "Notes": [
                    [
                        "id": 7, "body": "zebra now", "author": ["username": "ann"], "system": false,
                        "position": ["new_path": "b/b.py"],
                    ],
                    [
                        "id": 8, "body": "zebra before", "system": false,
                        "position": ["new_path": "b/b.py", "head_sha": String(repeating: "0", count: 40)],
                    ],
                    ["id": 9, "body": "zebra added a label", "system": true],
                ],
            ])
        let looked = try Self.orchestrate(shop, environment, "prs")
        #expect(looked.text.contains("red: pipeline") && looked.text.contains("zebra now"), "\(looked.text)")
        #expect(!looked.text.contains("before") && !looked.text.contains("label"))
        try change(0, ["state": "merged"])
        let retargeted = try Self.orchestrate(shop, environment, "prs", "--update")
        #expect(retargeted.status == 0, "\(retargeted.errorText)")
        #expect(try requests()[1]["target_branch"] as? String == "main")
        #expect(try shop.orchestrate("review", "--reject", "b/b.py", "--reason", "see there").status == 0)
        #expect(try shop.orchestrate("resume").status == 0)
        #expect(shop.traceLines() == ["zebra now"])
    }

    /// A program with the part of glab's command line that is used here. It refuses every other option.
    private static func glab(state: String, bare: String, address: String) -> String {
        """
        #!/usr/bin/env python3
        import json, subprocess, sys
        words = sys.argv[1:]
        known = {'list': {'--repo': 1, '--source-branch': 1, '--all': 0, '--output': 1},
                 'create': {'--repo': 1, '--target-branch': 1, '--source-branch': 1, '--title': 1, '--description': 1,
                            '--yes': 0},
                 'view': {'--repo': 1, '--comments': 0, '--output': 1}, 'update': {'--repo': 1, '--target-branch': 1}}
        if words[0] != 'mr' or words[1] not in known: sys.exit('unknown command ' + ' '.join(words[:2]))
        verb, rest, given, plain = words[1], words[2:], {}, []
        while rest:
            word = rest.pop(0)
            if not word.startswith('--'): plain.append(word); continue
            if word not in known[verb]: sys.exit('unknown flag: ' + word)
            given[word] = rest.pop(0) if known[verb][word] else True
        if given['--repo'] != '\(address)': sys.exit('404 Project Not Found')
        with open('\(state)') as file: all = json.load(file)
        def shown(mr):
            sha = subprocess.run(['git', '--git-dir', '\(bare)', 'rev-parse', 'refs/heads/' + mr['source_branch']],
                                 capture_output=True, text=True).stdout.strip()
            return dict(mr, sha=sha)
        if verb == 'list': print(json.dumps([shown(m) for m in all if m['source_branch'] == given['--source-branch']]))
        elif verb == 'view':
            mr = shown(next(m for m in all if str(m['iid']) == plain[0]))
            if '--comments' not in given: mr.pop('Notes', None)
            print(json.dumps(mr))
        else:
            if verb == 'create':
                all.append({'iid': len(all) + 1, 'state': 'opened', 'draft': False, 'source_branch': given['--source-branch'],
                            'target_branch': given['--target-branch'], 'web_url': 'https://gitlab.localhost/mr',
                            'updated_at': '2026-01-02T03:04:05.678Z', 'reviewers': [], 'detailed_merge_status': 'mergeable'})
            else: next(m for m in all if str(m['iid']) == plain[0])['target_branch'] = given['--target-branch']
            with open('\(state)', 'w') as file: json.dump(all, file)
        """
    }
}
