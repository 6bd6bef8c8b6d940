extension ProjectKind {
    static let go = ProjectKind(manifests: ["go.mod"], coversSubfolders: false) { folder in
        guard folder.has("go.mod") else { return nil }
        let needsModules = folder.has("go.sum") && !folder.hasFolder("vendor")
        // Checks do not see caches outside of the slot. The go command leaves folders alone whose name begins with a dot.
        let go = needsModules ? "GOMODCACHE=\"$PWD/.go-mod\" GOFLAGS=-modcacherw go" : "go"
        let fetch = SetupStep("\(go) mod download", inputs: ["go.mod", "go.sum"], into: ".go-mod")
        let hasTests = folder.hasAny(ending: "_test.go")
        return Toolchain(
            language: "Go", tool: "go", files: folder.existing(["go.mod", "go.sum", "go.work"]),
            setup: needsModules ? [fetch] : [],
            checks: (hasTests ? [CheckProposal(.tests, "\(go) test ./...")] : []) + [
                CheckProposal(.build, "\(go) build ./... && \(go) vet ./...")
            ])
    }

    static let rust = ProjectKind(manifests: ["Cargo.toml"]) { folder in
        guard folder.has("Cargo.toml") else { return nil }
        let isLocked = folder.has("Cargo.lock")
        let needsCrates =
            isLocked
            ? folder.text("Cargo.lock")?.contains("\nsource = ") ?? false
            : (folder.text("Cargo.toml") ?? "").contains("dependencies]")
        let flags = isLocked ? "--offline --locked" : "--offline"
        let cargo = needsCrates ? "CARGO_HOME=\"$PWD/.cargo-home\" cargo" : "cargo"
        let fetch = SetupStep(
            isLocked ? "\(cargo) fetch --locked" : "\(cargo) fetch", inputs: ["**/Cargo.toml", "Cargo.lock"],
            into: ".cargo-home")
        return Toolchain(
            language: "Rust", tool: "Cargo", files: folder.existing(["Cargo.toml", "Cargo.lock"]),
            installed: folder.hasIgnored("target") ? ["target"] : [], setup: needsCrates ? [fetch] : [],
            checks: [
                CheckProposal(.tests, "\(cargo) test --quiet \(flags)"),
                CheckProposal(.build, "\(cargo) build --quiet --all-targets \(flags)"),
            ])
    }

    static let swift = ProjectKind(manifests: ["Package.swift"]) { folder in
        guard folder.has("Package.swift") else { return nil }
        let needsPackages = (folder.text("Package.swift") ?? "").contains(".package(")
        let fetch = SetupStep(
            "swift package resolve", inputs: ["Package.swift", "Package.resolved"],
            cache: ["~/.cache/org.swift.swiftpm"])
        return Toolchain(
            language: "Swift", tool: "SwiftPM", files: folder.existing(["Package.swift", "Package.resolved"]),
            installed: folder.hasIgnored(".build") ? [".build"] : [], setup: needsPackages ? [fetch] : [],
            checks: (folder.hasFolder("Tests") ? [CheckProposal(.tests, "swift test --quiet")] : []) + [
                CheckProposal(.build, "swift build --quiet")
            ])
    }

    static let dotNet = ProjectKind(manifests: ["*.sln", "*.slnx", "*.csproj"]) { folder in
        let solutions = folder.topFiles(ending: ".sln", ".slnx")
        let top = solutions + folder.topFiles(ending: ".csproj")
        guard let first = top.first else { return nil }
        let projects = folder.paths.filter { $0.hasSuffix(".csproj") }
        let dotnet = "NUGET_PACKAGES=\"$PWD/.nuget-packages\" dotnet"
        let locked = folder.hasAny(ending: "packages.lock.json") ? " --locked-mode" : ""
        // The commands refuse to choose between several files.
        let named = top.count > 1 ? " \"\(first)\"" : ""
        // Since .NET 10, a key of global.json chooses another test command, which takes the file as an option.
        let isNewRunner = (folder.text("global.json") ?? "").contains("Microsoft.Testing.Platform")
        let option = named.isEmpty || !isNewRunner ? "" : solutions.isEmpty ? " --project" : " --solution"
        let tests = CheckProposal(.tests, "\(dotnet) test\(option)\(named) --no-restore")
        let restore = SetupStep(
            "\(dotnet) restore\(named)\(locked)", inputs: ["**/*.csproj", "**/packages.lock.json"],
            into: ".nuget-packages")
        return Toolchain(
            language: "C#", tool: "dotnet", files: solutions + projects, setup: [restore],
            checks: (projects.contains { isDotNetTest(folder.text($0) ?? "") } ? [tests] : []) + [
                CheckProposal(.build, "\(dotnet) build\(named) --no-restore")
            ])
    }

    /// Whether a project file names a test framework.
    private static func isDotNetTest(_ text: String) -> Bool {
        ["Microsoft.NET.Test.Sdk", "MSTest.Sdk", "TUnit", "xunit.v3"].contains(where: text.contains)
    }
}
