struct Rust: Language {
    let name = "rust"
    let version: UInt16 = 0
    let extensions = ["rs"]
    let fileNames = ["Cargo.toml"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
