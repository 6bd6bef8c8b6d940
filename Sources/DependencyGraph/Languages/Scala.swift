struct Scala: Language {
    let name = "scala"
    let family = "jvm"
    let version: UInt16 = 0
    let extensions = ["scala", "sc"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
