struct C: Language {
    let name = "c"
    let version: UInt16 = 0
    let extensions = [
        "c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "tpp", "inc", "m", "mm", "cu",
        "cuh",
    ]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
