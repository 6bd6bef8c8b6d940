import Foundation
import TestSupport
import Testing

/// What workers and checks leave in slots beside the tree decides nothing.
@Suite(.ownThreads) struct SlotContentTests {
    private func shop(_ worker: String, verify: String, parallel: Int = 1) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "a.txt": "old\n", "b.txt": "old\n", "c.txt": "old\n", "empty.cfg": "", ".gitignore": "*.o\nbuild\n",
        ])
        try shop.plan(
            """
            scope: {include: ["*.txt"]}
            workers:
              max_parallel: \(parallel)
              environment: [TRACE]
              ladder: [{run: "\(worker)", attempts: 1}]
            verify:
              environment: [TRACE]
            \(verify.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
            """)
        return shop
    }

    @Test(arguments: [
        ("mkdir newpkg", "test -d newpkg"), ("mkdir -p x/y/z", "test -d x/y/z"),
        ("touch -d 2001-01-01 empty.cfg", "test $(stat -c %Y empty.cfg) -lt 1000000000"),
        ("touch -d 2001-01-01 .", "test $(stat -c %Y .) -lt 1000000000"),
        ("chmod 600 empty.cfg", "test $(stat -c %a empty.cfg) = 600"), ("chmod 711 .", "test $(stat -c %a .) = 711"),
        ("ln empty.cfg x.o", "test $(stat -c %h empty.cfg) = 2"), ("touch x.o", "test -e x.o"),
        ("git config x.y z", "git config x.y"), ("git commit -qam mine", "git log --format=%s | grep -qx mine"),
        ("mkdir c; printf '*' >c/.gitignore", "test -d c"), ("mkdir -p n/.git; touch n/.git/HEAD", "test -d n"),
    ])
    func `a red tree never lands, whatever a worker leaves beside it`(harm: String, check: String) throws {
        let command = "{name: same, run: \"\(check)\"}"
        let shop = try shop("sed -i s/old/new/ {files}; \(harm)", verify: "landing: [\(command)]\ntask: [\(command)]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.landed() == [])
    }

    @Test func `a worker that forbids everybody to read files makes no other task done`() throws {
        let shop = try shop(
            "sed -i s/old/new/ {files}; chmod 000 *.txt; chmod 555 .", verify: "done: [{run: '! grep -q old {file}'}]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 3)
        for file in ["a.txt", "b.txt", "c.txt"] { #expect(try shop.text(file) == "new") }
    }

    @Test func `a check that cannot be run twice in one folder is green again and again`() throws {
        let make = "{name: make, retries: 1, run: 'ln -s a.txt build && echo made >>$TRACE'}"
        let shop = try shop(
            "sed -i s/old/new/ {files}",
            verify:
                "done: [\(make), {run: 'grep -q new {file}'}]\ntask: [\(make), {run: 'test -L build'}]\nlanding: [\(make)]"
        )
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 3)
        #expect(!result.text.contains("flaky"), "\(result.text)")
        try shop.repository.git("checkout", "-q", "-b", "elsewhere")
        let landing = try shop.orchestrate("land", "--into", "main", "--reverify")
        #expect(landing.status == 0, "\(landing.text)\(landing.errorText)")
    }

    @Test func `a pipe in place of a file fails the attempt, and no check reads it`() throws {
        let shop = try shop(
            "if [ {task} = a.txt ]; then rm a.txt; mkfifo a.txt; else sed -i s/old/new/ {files}; fi",
            verify: "done: [{run: 'grep -q new {file}', timeout: 5s}]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.landed().sorted() == ["b.txt", "c.txt"])
        let told = try shop.orchestrate("explain", "a.txt").text
        #expect(told.contains("pipe"), "\(told)")
    }

    @Test func `what was refused is in no slot after the run`() throws {
        let secret = "AKIA" + "Q3EGRB5KZ7XWN2PT"
        let shop = try shop("echo 'key = \(secret)' >{files}; echo \(secret) >x.o", verify: "landing: [{run: 'true'}]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let told = try shop.orchestrate("explain", "a.txt").text
        #expect(told.contains("secret") || told.contains("key"), "\(told)")
        let slots = try run(
            "/bin/sh", ["-c", "grep -rl \(secret) state/orchestrate/*/slots"], in: shop.directory.path,
            environment: shop.environment, input: [])
        #expect(slots.text == "")
        #expect(slots.status == 1, "\(slots.errorText)")
    }

    /// As root, permissions stop nobody; so this is run as an ordinary user where there is one.
    @Test func `for an ordinary user, a worker that takes permissions away fails no other task`() throws {
        let shop = try shop(
            "sed -i s/old/new/ {files}; mkdir sub; chmod 0 sub; chmod 444 *.txt empty.cfg; chmod 500 .",
            verify: "done: [{run: '! grep -q old {file}'}]\ntask: [{run: 'touch build'}]")
        guard geteuid() == 0 else {
            let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
            #expect(result.status == 0, "\(result.text)\(result.errorText)")
            return
        }
        let directory = shop.directory.path
        func asNobody(_ command: String) throws -> ScratchProcessResult {
            try run(
                "/bin/su", ["-s", "/bin/sh", "nobody", "-p", "-c", command], in: directory,
                environment: shop.environment, input: [], limit: 300)
        }
        guard (try? asNobody("test -x '\(Workshop.program)' && test -r '\(directory)'"))?.status == 0 else {
            print("skipped: 'su nobody' is not possible here, or that user cannot run \(Workshop.program)")
            return
        }
        _ = try run("/bin/chown", ["-R", "nobody", directory], in: "/", environment: [:], input: [])
        let result = try asNobody(
            "cd '\(shop.repository.path)' && exec '\(Workshop.program)' migrate --plan '\(shop.planPath)'")
        _ = try run("/bin/chown", ["-R", "root", directory], in: "/", environment: [:], input: [])
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 3)
    }
}
