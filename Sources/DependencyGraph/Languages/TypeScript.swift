struct TypeScript: Language {
    let name = "typescript"
    let version: UInt16 = 0
    let extensions = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"]
    let fileNames = ["package.json", "tsconfig.json", "jsconfig.json"]
    let interpreters = ["node", "deno", "bun", "ts-node", "tsx"]

    func scan(_ source: Source, into facts: inout FactWriter) {}

    func link(_ project: Project, into edges: inout EdgeList) {}
}
