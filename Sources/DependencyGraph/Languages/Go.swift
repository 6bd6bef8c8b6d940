struct Go: Language {
    let name = "go"
    let version: UInt16 = 0
    let extensions = ["go"]
    let fileNames = ["go.mod", "go.work"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
