struct Ruby: Language {
    let name = "ruby"
    let version: UInt16 = 0
    let extensions = ["rb", "rake", "gemspec", "ru"]
    let fileNames = ["Rakefile", "Gemfile"]
    let interpreters = ["ruby"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
