struct PHP: Language {
    let name = "php"
    let version: UInt16 = 0
    let extensions = ["php", "phtml", "inc"]
    let fileNames = ["composer.json"]
    let interpreters = ["php"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
