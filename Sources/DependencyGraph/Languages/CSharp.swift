struct CSharp: Language {
    let name = "csharp"
    let version: UInt16 = 0
    let extensions = ["cs"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
