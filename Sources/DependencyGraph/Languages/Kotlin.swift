struct Kotlin: Language {
    let name = "kotlin"
    let family = "jvm"
    let version: UInt16 = 0
    let extensions = ["kt", "kts"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
