extension ProjectKind {
    static let javaScript = ProjectKind(manifests: ["package.json"]) { folder in
        let scripts = [".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx"]
        guard scripts.contains(where: { folder.hasAny(ending: $0) }) else { return nil }
        guard let manifest = PackageManifest(folder.text("package.json") ?? "{}") else { return nil }
        return JavaScriptProject(folder: folder, manifest: manifest).toolchain
    }
}

/// A project with a `package.json`: its package manager, its test script and its types.
private struct JavaScriptProject {
    let folder: ProjectFolder
    let manifest: PackageManifest

    private enum Manager: String {
        case npm
        case pnpm
        case yarn
        case bun
    }

    private static let locks: [(file: String, manager: Manager)] = [
        ("pnpm-lock.yaml", .pnpm), ("yarn.lock", .yarn), ("bun.lock", .bun), ("bun.lockb", .bun),
        ("package-lock.json", .npm), ("npm-shrinkwrap.json", .npm),
    ]
    /// What `npm init` writes as the test script.
    private static let noTests = "no test specified"

    var toolchain: Toolchain {
        let files = ["package.json", "tsconfig.json", ".yarnrc.yml", "pnpm-workspace.yaml"] + Self.locks.map(\.file)
        return Toolchain(
            language: isTypeScript ? "TypeScript" : "JavaScript", tool: manager.rawValue,
            files: folder.existing(files), installed: folder.hasIgnored("node_modules") ? ["node_modules"] : [],
            setup: manifest.dependencies.isEmpty && !manifest.hasWorkspaces ? [] : [setup], checks: checks)
    }

    private var lock: String? { Self.locks.first { folder.has($0.file) }?.file }

    private var isTypeScript: Bool {
        folder.has("tsconfig.json") && (folder.hasAny(ending: ".ts") || folder.hasAny(ending: ".tsx"))
    }

    private var manager: Manager {
        if let name = manifest.manager?.split(separator: "@").first, let named = Manager(rawValue: String(name)) {
            return named
        }
        return Self.locks.first { folder.has($0.file) }?.manager ?? .npm
    }

    private var setup: SetupStep {
        let run: String
        let cache: [String]
        switch manager {
        case .npm:
            run =
                lock == nil
                ? "npm install --no-save --no-package-lock --no-audit --no-fund" : "npm ci --no-audit --no-fund"
            cache = ["~/.npm"]
        case .pnpm:
            run = "pnpm install --frozen-lockfile"
            cache = ["~/.local/share/pnpm", "~/.cache/pnpm"]
        case .yarn where isPlugAndPlay:
            run = "\(Self.localCache) yarn install --immutable"
            cache = ["~/.yarn/berry"]
        case .yarn where folder.has(".yarnrc.yml"):
            run = "yarn install --immutable"
            cache = ["~/.yarn/berry"]
        case .yarn:
            run = "yarn install --frozen-lockfile"
            cache = ["~/.cache/yarn"]
        case .bun:
            run = "bun install --frozen-lockfile"
            cache = ["~/.bun/install/cache"]
        }
        let manifests = manifest.hasWorkspaces || folder.has("pnpm-workspace.yaml") ? "**/package.json" : "package.json"
        // A cache that is part of the repository is not to be ignored.
        let into = isPlugAndPlay && !folder.hasFolder(".yarn/cache") ? ".yarn/cache" : nil
        return SetupStep(run, inputs: [manifests] + (lock.map { [$0] } ?? []), cache: cache, into: into)
    }

    private static let localCache = "YARN_ENABLE_GLOBAL_CACHE=false"

    /// Whether a newer yarn reads packages from its cache. By default that is a folder which checks do not see.
    private var isPlugAndPlay: Bool {
        guard manager == .yarn, let settings = folder.text(".yarnrc.yml") else { return false }
        return !settings.contains("nodeLinker: node-modules") && !settings.contains("nodeLinker: pnpm")
    }

    /// Runs a program of `node_modules`, without network.
    private func installed(_ command: String) -> String {
        switch manager {
        case .npm: "npx --no-install \(command)"
        case .pnpm: "pnpm exec \(command)"
        case .yarn: "yarn run \(command)"
        case .bun: "bunx --no-install \(command)"
        }
    }

    private var checks: [CheckProposal] {
        // Test runners that watch for changes end after one run if CI is set.
        let environment = ["CI=1"] + (isPlugAndPlay ? [Self.localCache] : [])
        var checks = tests.map { CheckProposal(.tests, $0, environment: environment) }
        if isTypeScript, manifest.dependencies.contains("typescript") {
            checks.append(CheckProposal(.types, installed("tsc --noEmit -p .")))
        }
        if manifest.scripts["build"] != nil {
            checks.append(CheckProposal(.build, "\(manager.rawValue) run build", environment: environment))
        }
        if !isTypeScript {
            checks.append(
                CheckProposal(
                    .syntax,
                    "find . -name node_modules -prune -o \\( -name '*.js' -o -name '*.[cm]js' \\) -print0 | xargs -0 -n 1 node --check"
                ))
        }
        return checks
    }

    private var tests: [String] {
        if let script = manifest.scripts["test"], !script.contains(Self.noTests) {
            if script.trimmingPrefix(while: \.isWhitespace) == "vitest" { return [installed("vitest run")] }
            return ["\(manager.rawValue)\(manager == .bun ? " run" : "") test"]
        }
        for (package, command) in [("vitest", "vitest run"), ("jest", "jest"), ("mocha", "mocha"), ("ava", "ava")]
        where manifest.dependencies.contains(package) {
            return [installed(command)]
        }
        let hasTests = folder.paths.contains { path in
            let name = path.split(separator: "/").last ?? ""
            return name.contains(".test.") || name.contains(".spec.") || path.hasPrefix("test/")
        }
        return hasTests && !isTypeScript ? ["node --test"] : []
    }
}
