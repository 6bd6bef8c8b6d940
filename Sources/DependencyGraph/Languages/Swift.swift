struct Swift: Language {
    let name = "swift"
    let version: UInt16 = 0
    let extensions = ["swift"]
    let interpreters = ["swift"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
