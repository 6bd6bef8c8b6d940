import Foundation
import Model
import Testing

@testable import Reporting

/// Parts of the graph's drawings and documents, each on a graph of a few files.
struct GraphPartTests {
    private func grouping(_ graph: RepositoryGraph, _ tasks: GraphTasks? = nil, files: Int = 100, links: Int = 100)
        throws -> GraphGrouping
    {
        GraphGrouping(try SampleGraph.report(graph, tasks), files: files, directories: 2, links: links)
    }

    private func tasks(_ open: [TaskID: String?]) -> GraphTasks {
        var tasks = SampleGraph.tasks
        tasks.take(openBecause: open)
        return tasks
    }

    @Test func `a task is done without a reason, and failed with one`() {
        let entries = tasks([TaskID("lib"): nil, TaskID("api"): "red"]).entries
        #expect(entries.map(\.state) == [.alreadyDone, .failed, nil])
        #expect(entries.map(\.reason) == ["", "red", ""])
    }

    @Test func `a group has a colour if all its tasks have the same`() throws {
        let paths = ["a/1.py", "a/2.py", "b/1.py", "b/2.py"]
        var states = GraphTasks(
            plan: "demo", tasks: paths.map { MigrationTask(id: TaskID($0), title: $0, files: [$0]) })
        let open: [TaskID: String?] = [
            TaskID("a/1.py"): nil, TaskID("a/2.py"): "red", TaskID("b/1.py"): nil, TaskID("b/2.py"): nil,
        ]
        states.take(openBecause: open)
        let graph = RepositoryGraph(files: paths.map { SampleGraph.file($0) }, edges: [])
        let folders = try grouping(graph, states, files: 1).groups
        #expect(folders.map(\.name) == ["a/", "b/"] && folders.map(\.color) == [nil, .green])
        let files = try grouping(graph, states).groups
        #expect(files.map(\.color) == [.green, .stuck, .green, .green])
        #expect(try grouping(SampleGraph.small).groups.allSatisfy { $0.color == nil })
    }

    @Test func `files are drawn one by one up to both limits`() throws {
        #expect(try grouping(SampleGraph.small, files: 6, links: 6).groups.allSatisfy { $0.files == 1 })
        #expect(try grouping(SampleGraph.small, files: 5, links: 6).note.contains("grouped into"))
        #expect(try grouping(SampleGraph.small, files: 6, links: 5).note.contains("grouped into"))
    }

    @Test func `a repository with one folder is drawn by the contents of the folder`() throws {
        let files = (100..<250).map { SampleGraph.file("src/f\($0).py") }
        let edges = (0..<149).map { SampleGraph.edge(Int32($0), Int32($0 + 1)) }
        let report = try SampleGraph.report(RepositoryGraph(files: files, edges: edges))
        let drawing = GraphGrouping(report, files: 100, directories: 40, links: 400)
        #expect(drawing.groups.count == 40)
        #expect(drawing.groups.reduce(0) { $0 + $1.files } == 150)
        #expect(drawing.groups.first?.name == "src/ (rest)")
        #expect(drawing.note == "150 files grouped into 40 nodes")
        let comment = try #require(report.mermaid().split(separator: "\n").first { $0.contains("%%") })
        #expect(comment.hasSuffix(": 150 files grouped into 40 nodes"))
        #expect(!comment.contains("#"))
    }

    @Test func `a drawing descends through folders that hold nearly everything`() throws {
        let files = ["a", "b", "c", "d", "e"].flatMap { part in
            (10..<40).map { SampleGraph.file("src/main/\(part)/f\($0).py") }
        }
        let edges = (0..<149).map { SampleGraph.edge(Int32($0), Int32($0 + 1)) }
        let report = try SampleGraph.report(RepositoryGraph(files: files + [SampleGraph.file("zero.py")], edges: edges))
        let names = GraphGrouping(report, files: 100, directories: 40, links: 400).groups.map(\.name)
        #expect(names == ["src/main/a/", "src/main/b/", "src/main/c/", "src/main/d/", "src/main/e/"])
    }

    @Test func `a page says what it leaves out of a large graph`() throws {
        let report = try SampleGraph.report(SampleGraph.small)
        #expect(report.fitted(.init(files: 7, edges: 6))?.note == nil)
        let fitted = try #require(report.fitted(.init(files: 3, edges: 2)))
        #expect(fitted.report.graph.files.map(\.path) == ["app/api.py", "lib/a.py", "lib/b.py"])
        #expect(fitted.report.graph.edges.map(\.kind) == [.import, .name])
        #expect(fitted.note == "left out: 4 files and 4 edges; --format json has all")
        let page = String(decoding: GraphPage(report, limit: .init(files: 3, edges: 2)).html(), as: UTF8.self)
        #expect(page.contains("\"note\":\"left out: 4 files and 4 edges"))
    }

    @Test func `the heaviest links are kept, in the order of the graph`() throws {
        // a/1 and a/2 need b/1 twice over; b/1 needs c/1 once.
        let graph = RepositoryGraph(
            files: ["a/1.py", "a/2.py", "b/1.py", "c/1.py"].map { SampleGraph.file($0) },
            edges: [SampleGraph.edge(0, 2), SampleGraph.edge(1, 2), SampleGraph.edge(2, 3)])
        let all = GraphGrouping(try SampleGraph.report(graph), files: 1, directories: 3, links: 10)
        #expect(all.links.map(\.edges) == [2, 1])
        let one = GraphGrouping(try SampleGraph.report(graph), files: 1, directories: 3, links: 1)
        #expect(one.links.map(\.edges) == [2])
        #expect(one.note.hasSuffix("1 of 2 links left out, those with the fewest edges"))
        #expect(one.links[0].from == 0 && one.links[0].to == 1)
    }

    @Test func `a cycle within a group is not a link`() throws {
        let graph = RepositoryGraph(
            files: ["a/1.py", "a/2.py", "b/1.py"].map { SampleGraph.file($0) },
            edges: [SampleGraph.edge(0, 1), SampleGraph.edge(1, 0), SampleGraph.edge(0, 2)])
        let grouping = GraphGrouping(try SampleGraph.report(graph), files: 1, directories: 2, links: 10)
        #expect(grouping.links.map(\.edges) == [1])
    }

    @Test func `the document has the state of each task and version 2`() throws {
        let states = tasks([TaskID("lib"): nil, TaskID("api"): "red"])
        let bytes = try SampleGraph.report(SampleGraph.small, states).render(.json, Layout())
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["version"] as? Int == 2 && object["plan"] as? String == "demo" && object["run"] == nil)
        let nodes = try #require(object["nodes"] as? [[String: Any]])
        let byPath = Dictionary(uniqueKeysWithValues: nodes.map { ($0["path"] as? String ?? "", $0) })
        #expect(byPath["lib/a.py"]?["state"] as? String == "already-done")
        #expect(byPath["app/api.py"]?["state"] as? String == "failed" && byPath["app/api.py"]?["lines"] as? Int == 50)
        #expect(byPath["app/main.py"]?["task"] as? String == "main" && byPath["app/main.py"]?["state"] == nil)
        #expect(byPath["README.md"]?["language"] == nil && byPath["README.md"]?["task"] == nil)
        #expect(byPath["tests/test_app.py"]?["test"] as? Bool == true)
        #expect(byPath["lib/deep/util.py"]?["generated"] as? Bool == true)
        #expect(byPath["lib/deep/util.py"]?["vendored"] as? Bool == true && byPath["lib/a.py"]?["test"] == nil)
        let edges = try #require(object["edges"] as? [[String: Any]])
        #expect(edges.first?["from"] as? String == "app/api.py" && edges.first?["to"] as? String == "lib/a.py")
        #expect(edges.first?["kind"] as? String == "import" && edges.first?["line"] as? Int == 4)
        #expect(object["cycles"] as? [[String]] == [["lib/a.py", "lib/b.py"]])
    }

    @Test func `bytes of JSON escape quotation marks, control characters and marks of HTML`() {
        var text = JSONBytes()
        text.string("a\"b\\c\n<é>&\u{7F}")
        text.string("plain é")
        #expect(
            String(decoding: text.bytes, as: UTF8.self)
                == #""a\"b\\c\u000a\u003cé\u003e\u0026\u007f""plain é""#)
        var json = JSONBytes()
        json.list([0, 9, 10, -1, 123]) { $0.number($1) }
        json.list([Int](), separator: ";") { $0.number($1) }
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[0,9,10,-1,123][]")
    }

    @Test func `the page has the state and the colour of each task`() throws {
        let states = tasks([TaskID("lib"): nil, TaskID("api"): "it is <red>"])
        let page = String(
            decoding: try SampleGraph.report(SampleGraph.small, states).render(.html, Layout()), as: UTF8.self)
        #expect(page.contains(#"{"title":"lib","state":"already done","color":2,"reason":""}"#))
        #expect(page.contains(#""state":"failed","color":3,"reason":"it is \u003cred\u003e"}"#))
        #expect(page.contains(#""state":"not started","color":0,"reason":""}"#))
    }
}
