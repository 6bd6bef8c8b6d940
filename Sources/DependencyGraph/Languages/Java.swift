struct Java: Language {
    let name = "java"
    let family = "jvm"
    let version: UInt16 = 0
    let extensions = ["java"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
