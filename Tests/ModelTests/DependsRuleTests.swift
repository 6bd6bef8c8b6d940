import Model
import Testing

@Suite struct DependsRuleTests {
    private let graph = RepositoryGraph(
        files: ["a", "b", "c"].map { .init(path: $0, language: nil, lines: 1, bytes: 1) },
        edges: [.init(from: 0, to: 1, kind: .weak, line: 7), .init(from: 2, to: 1, kind: .name, line: 3)])

    private func edges(_ rules: DependsRule...) throws -> [String] {
        try graph.applying(rules).edges.map { edge in
            "\(graph.files[Int(edge.from)].path)>\(graph.files[Int(edge.to)].path) \(edge.kind.word) \(edge.line)"
        }
    }

    @Test func `rules add and take away`() throws {
        #expect(try edges() == ["a>b weak 7", "c>b name 3"])
        #expect(try edges(DependsRule(from: "a", to: "{a,b,c}")) == ["a>b import 0", "a>c import 0", "c>b name 3"])
        #expect(try edges(DependsRule(from: "**", to: "b", remove: true)) == [])
        #expect(
            try edges(DependsRule(from: "*", to: "b", remove: true), DependsRule(from: "b", to: "a")) == [
                "b>a import 0"
            ])
        #expect(try edges(DependsRule(from: "b", to: "a"), DependsRule(from: "b", to: "*", remove: true)).count == 2)
        #expect(try edges(DependsRule(from: "none", to: "b", remove: true)).count == 2)
    }

    @Test func `bad rules are named`() {
        #expect(throws: DependsRuleError(rule: DependsRule(from: "a", to: "x*"), problem: .noFile("x*"))) {
            try edges(DependsRule(from: "a", to: "x*"))
        }
        let error = #expect(throws: DependsRuleError.self) { try edges(DependsRule(from: "/a", to: "b")) }
        #expect(error?.description.hasPrefix("depends, from '/a' to 'b': glob '/a'") == true)
    }

    @Test func `a rule adds a bounded number`() throws {
        let wide = RepositoryGraph(
            files: (0..<317).map { .init(path: "f\($0)", language: nil, lines: 1, bytes: 1) }, edges: [])
        let all = DependsRule(from: "*", to: "*")
        #expect(throws: DependsRuleError(rule: all, problem: .tooMany(from: 317, to: 317))) {
            try wide.applying([all])
        }
        #expect(try wide.applying([DependsRule(from: "*", to: "f0")]).edges.count == 316)
    }
}
