import Foundation
import Model
import Store
import TestSupport
import Testing

@testable import Reporting

/// Small graphs to show.
enum SampleGraph {
    /// A path that would leave any quotation that is not escaped.
    static let hostile = #"x</script><img src=x onerror=alert(1)>"]; %%{init}%% \N `b`.py"#

    static func file(_ path: String, lines: Int = 10, _ traits: RepositoryGraph.Traits = []) -> RepositoryGraph.File {
        let isPython = path.hasSuffix(".py")
        return RepositoryGraph.File(
            path: path, language: isPython ? "python" : nil, lines: lines, bytes: lines * 20, traits: traits)
    }

    static func edge(
        _ from: Int32, _ to: Int32, _ kind: RepositoryGraph.EdgeKind = .import, line: Int32 = 1
    ) -> RepositoryGraph.Edge {
        RepositoryGraph.Edge(from: from, to: to, kind: kind, line: line)
    }

    /// Paths in order: README.md, app/api.py, app/main.py, lib/a.py, lib/b.py, lib/deep/util.py, tests/test_app.py.
    static var small: RepositoryGraph {
        RepositoryGraph(
            files: [
                file("README.md"), file("app/api.py", lines: 50), file("app/main.py", lines: 1), file("lib/a.py"),
                file("lib/b.py"), file("lib/deep/util.py", [.generated, .vendored]),
                file("tests/test_app.py", [.test]),
            ],
            edges: [
                edge(1, 3, line: 4), edge(2, 1, .reexport), edge(3, 4, .name, line: 2), edge(4, 3, .typeOnly, line: 9),
                edge(4, 5), edge(6, 2, .weak, line: 0),
            ])
    }

    static var tasks: GraphTasks {
        GraphTasks(
            plan: "demo",
            tasks: [
                MigrationTask(id: TaskID("lib"), title: "lib", files: ["lib/a.py", "lib/b.py"]),
                MigrationTask(
                    id: TaskID("api"), title: "app/api.py", files: ["app/api.py"], dependencies: [TaskID("lib")]),
                MigrationTask(
                    id: TaskID("main"), title: "app/main.py", files: ["app/main.py"], dependencies: [TaskID("api")]),
            ])
    }

    /// `count` files in folders of ten, each of which needs some before it.
    static func large(_ count: Int) -> RepositoryGraph {
        RepositoryGraph(
            files: (0..<count).map { file("src/part\($0 / 100)/d\($0 / 10 % 10)/f\($0).py") },
            edges: (1..<count).flatMap { from in
                [from / 2, from * 7 % from, from - 1].map { edge(Int32(from), Int32($0)) }
            })
    }

    static func report(_ graph: RepositoryGraph, _ tasks: GraphTasks? = nil) throws -> GraphReport {
        let commit = try #require(ObjectID(hex: String(repeating: "ab", count: 20)))
        return GraphReport(graph: graph, commit: commit, name: "sample", tasks: tasks)
    }
}

@Suite("The graph in its forms")
struct GraphReportTests {
    private func text(_ report: GraphReport, _ format: GraphFormat, _ layout: Layout = Layout()) -> String {
        String(decoding: report.render(format, layout), as: UTF8.self)
    }

    @Test func `summary, JSON and drawings look as recorded`() throws {
        let report = try SampleGraph.report(SampleGraph.small, SampleGraph.tasks)
        try expectGolden("graph.txt", text(report, .text, Layout(width: 80)))
        try expectGolden("graph.json", text(report, .json))
        try expectGolden("graph.dot", text(report, .dot))
        try expectGolden("graph.mmd", text(report, .mermaid))
        try expectGolden("graph-plain.txt", text(try SampleGraph.report(SampleGraph.small), .text))
    }

    @Test func `a chain names each step with line and kind`() throws {
        let report = try SampleGraph.report(SampleGraph.small)
        #expect(
            report.chainText(from: 6, to: 5, Layout()) == """
                tests/test_app.py  weak       app/main.py
                app/main.py:1      re-export  app/api.py
                app/api.py:4       import     lib/a.py
                lib/a.py:2         name       lib/b.py
                lib/b.py:1         import     lib/deep/util.py

                """)
        #expect(report.chainText(from: 5, to: 6, Layout()) == nil)
        #expect(report.chainText(from: 5, to: 5, Layout()) == "lib/deep/util.py is the same file\n")
    }

    @Test func `the JSON can be read, whatever is in a path`() throws {
        let name = SampleGraph.hostile + "\u{7}\u{2028}é"
        let graph = RepositoryGraph(
            files: [SampleGraph.file(name), SampleGraph.file("z.py")], edges: [SampleGraph.edge(0, 1)])
        let bytes = try SampleGraph.report(graph).render(.json, Layout())
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let edges = try #require(object["edges"] as? [[String: Any]])
        #expect(edges.first?["from"] as? String == name)
        #expect((object["cycles"] as? [[String]])?.isEmpty == true)
    }

    @Test func `a file of several tasks belongs to the first that is not green`() throws {
        let sample = try SampleRun()
        let run = try #require(try sample.reader.read { try $0.latestRun() })
        let states = try GraphTasks(sample.reader, run: run).entries
        let landed = try #require(states.first { $0.state == .landed })
        let waiting = try #require(states.first { $0.state == .waiting })
        var tasks = GraphTasks(
            plan: "demo",
            tasks: [landed.id, waiting.id, TaskID("other")].map { MigrationTask(id: $0, title: "", files: ["a.py"]) })
        let graph = RepositoryGraph(files: [SampleGraph.file("a.py")], edges: [])
        #expect(tasks.places(in: graph) == [0])
        try tasks.takeStates(sample.reader, run: run)
        #expect(tasks.places(in: graph) == [1])
    }

    @Test func `edges of the kinds asked for are kept, and no others`() {
        let kept = SampleGraph.small.keeping([.name, .weak])
        #expect(kept.edges.map(\.kind) == [.name, .weak])
        #expect(kept.files == SampleGraph.small.files)
    }
}

@Suite("Graphs for other programs to draw")
struct GraphDrawingTests {
    @Test func `small graphs are drawn file by file, large ones by directory, and they say so`() throws {
        let small = GraphGrouping(try SampleGraph.report(SampleGraph.small), files: 10, directories: 5, links: 100)
        #expect(small.groups.count == 6)
        #expect(small.note == "1 file without edges left out")
        let large = GraphGrouping(
            try SampleGraph.report(SampleGraph.large(5000)), files: 300, directories: 100, links: 60)
        #expect(large.groups.count <= 100)
        #expect(large.groups.reduce(0) { $0 + $1.files } == 5000)
        #expect(large.links.count == 60)
        #expect(large.note.hasPrefix("5000 files grouped into \(large.groups.count) directories; "))
    }

    @Test func `no name ends its quotation`() throws {
        let graph = RepositoryGraph(
            files: [SampleGraph.file(SampleGraph.hostile), SampleGraph.file("z.py")], edges: [SampleGraph.edge(0, 1)])
        let report = try SampleGraph.report(graph)
        #expect(report.dot().contains(#"onerror=alert(1)>\"]; %%{init}%% \\N `b`.py"]"#))
        let mermaid = report.mermaid()
        for mark in ["<img", #"">"#, "{init}", "`"] { #expect(!mermaid.contains(mark)) }
    }
}

@Suite("The outline of a graph")
struct GraphOutlineTests {
    @Test(arguments: [1, 7, 60, 1000])
    func `a cut covers each file once`(_ limit: Int) throws {
        let outline = GraphOutline(try SampleGraph.report(SampleGraph.large(3000)))
        let cut = outline.cut(limit)
        #expect(cut.count <= max(1, limit))
        #expect(cut.reduce(0) { $0 + outline.nodes[$1].files } == 3000)
        #expect(!outline.places(in: cut).contains(-1))
    }

    @Test func `directories hold directories or files, and a chain of single ones is one`() throws {
        let report = try SampleGraph.report(SampleGraph.small, SampleGraph.tasks)
        let outline = GraphOutline(report)
        let names = outline.nodes.filter { $0.kind == .directory }.map(\.name)
        #expect(names == ["*", "app/", "lib/", "lib/*", "lib/deep/", "tests/"])
        let parent = { (file: Int) in outline.nodes[outline.nodes[outline.nodeOfFile[file]].parent].name }
        #expect((0..<7).map(parent) == ["*", "api", "main", "lib", "lib", "lib/deep/", "tests/"])
        #expect(outline.nodes[outline.nodeOfTask[0]].parent == names.firstIndex(of: "lib/*"))
    }
}

@Suite("The page of a graph")
struct GraphPageTests {
    @Test func `what is in a name never becomes part of the page`() throws {
        let graph = RepositoryGraph(
            files: [SampleGraph.file(SampleGraph.hostile), SampleGraph.file("<!--<script>.py")],
            edges: [SampleGraph.edge(0, 1)])
        let page = String(decoding: try SampleGraph.report(graph).render(.html, Layout()), as: UTF8.self)
        #expect(!page.contains("<img"))
        #expect(!page.contains("<!--"))
        #expect(page.components(separatedBy: "</script").count == 3)
        #expect(page.components(separatedBy: "<script").count == 3)
    }

    @Test func `the page asks nothing of any network`() throws {
        let page = String(
            decoding: try SampleGraph.report(SampleGraph.small, SampleGraph.tasks).render(.html, Layout()),
            as: UTF8.self)
        #expect(page.contains("default-src 'none'"))
        for word in ["http:", "https:", "src=", "@import", "url(", "fetch("] { #expect(!page.contains(word)) }
    }

    @Test func `every linked file stands in one layer, to the right of what it needs outside its cycle`() throws {
        let report = try SampleGraph.report(SampleGraph.small, SampleGraph.tasks)
        let outline = GraphOutline(report)
        let layers = GraphLayers(report, outline: outline, shape: report.graph.shape())
        let files = layers.files().map { $0.nodes.map { outline.nodes[$0].name } }
        #expect(
            files == [
                ["lib/deep/util.py"], ["lib/a.py", "lib/b.py"], ["app/api.py"], ["app/main.py"], ["tests/test_app.py"],
            ])
        let tasks = layers.tasks().map { $0.nodes.map { outline.nodes[$0].name } }
        #expect(tasks == [["lib"], ["api"], ["main"]])
    }

    @Test func `equal graphs give equal pages`() throws {
        let pages = try (0..<3).map { _ in try SampleGraph.report(SampleGraph.large(500)).render(.html, Layout()) }
        #expect(pages[0] == pages[1] && pages[1] == pages[2])
    }
}
