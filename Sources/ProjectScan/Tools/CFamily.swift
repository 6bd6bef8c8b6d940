extension ProjectKind {
    static let cMake = ProjectKind(manifests: ["CMakeLists.txt"]) { folder in
        guard let text = folder.text("CMakeLists.txt") else { return nil }
        let hasTests = folder.paths.contains { path in
            path.hasSuffix("CMakeLists.txt") && (folder.text(path) ?? "").contains("add_test")
        }
        let build = "cmake -S . -B build && cmake --build build"
        let tests = CheckProposal(.tests, "\(build) && ctest --test-dir build --output-on-failure")
        return Toolchain(
            language: cLanguage(folder), tool: "CMake", files: ["CMakeLists.txt"],
            installed: folder.hasIgnored("build") ? ["build"] : [],
            checks: (hasTests || text.contains("enable_testing") ? [tests] : []) + [CheckProposal(.build, build)])
    }

    static let meson = ProjectKind(manifests: ["meson.build"]) { folder in
        guard folder.has("meson.build") else { return nil }
        let prepare = "{ test -d build || meson setup build; }"
        let hasTests = folder.paths.contains { path in
            path.hasSuffix("meson.build") && (folder.text(path) ?? "").contains("test(")
        }
        return Toolchain(
            language: cLanguage(folder), tool: "Meson", files: folder.existing(["meson.build", "meson.options"]),
            installed: folder.hasIgnored("build") ? ["build"] : [],
            checks: (hasTests ? [CheckProposal(.tests, "\(prepare) && meson test -C build --print-errorlogs")] : []) + [
                CheckProposal(.build, "\(prepare) && meson compile -C build")
            ])
    }

    static let autotools = ProjectKind(manifests: ["configure.ac", "configure.in"]) { folder in
        let files = folder.existing(["configure.ac", "configure.in", "Makefile.am", "configure"])
        guard files.contains(where: { $0.hasPrefix("configure.") }) else { return nil }
        let configure = folder.has("configure") ? "./configure --quiet" : "autoreconf -fi && ./configure --quiet"
        let prepare = "{ test -f Makefile || { \(configure); }; }"
        return Toolchain(
            language: cLanguage(folder), tool: "Autotools", files: files,
            checks: [
                CheckProposal(.tests, "\(prepare) && make -s check"), CheckProposal(.build, "\(prepare) && make -s"),
            ])
    }

    /// A Makefile, of any language that no other kind knows.
    static let make = ProjectKind(manifests: ["Makefile", "GNUmakefile"]) { folder in
        guard let file = folder.existing(["GNUmakefile", "Makefile", "makefile"]).first else { return nil }
        let targets = makeTargets(folder.text(file) ?? "")
        let tests = ["test", "check", "tests"].filter(targets.contains).map { CheckProposal(.tests, "make -s \($0)") }
        return Toolchain(
            language: cLanguage(folder), tool: "make", files: [file],
            checks: tests + [CheckProposal(.build, "make -s")])
    }

    /// Returns the names before a colon at the start of a line, without assignments.
    private static func makeTargets(_ text: String) -> Set<String> {
        var targets: Set<String> = []
        for line in text.split(separator: "\n") {
            guard let first = line.first, first.isLetter, let colon = line.firstIndex(of: ":") else { continue }
            if line[line.index(after: colon)...].hasPrefix("=") { continue }
            targets.formUnion(line[..<colon].split(separator: " ").map(String.init))
        }
        return targets
    }

    /// The language of a build tool that serves several.
    private static func cLanguage(_ folder: ProjectFolder) -> String {
        var counts: [String: Int] = [:]
        for path in folder.paths {
            guard let language = SourceLanguage.of(path) else { continue }
            counts[language.name, default: 0] += 1
        }
        if counts["C++", default: 0] > 0, counts["C++", default: 0] >= counts["C", default: 0] { return "C++" }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "C"
    }
}
