struct Shell: Language {
    let name = "shell"
    let version: UInt16 = 0
    let extensions = ["sh", "bash", "zsh", "ksh"]
    let interpreters = ["sh", "bash", "zsh", "ksh", "dash"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
