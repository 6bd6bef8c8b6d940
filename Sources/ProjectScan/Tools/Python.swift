extension ProjectKind {
    static let python = ProjectKind(
        manifests: ["pyproject.toml", "setup.py", "requirements.txt", "Pipfile"], coversSubfolders: false
    ) { folder in
        guard folder.hasAny(ending: ".py") else { return nil }
        return PythonProject(folder).toolchain
    }
}

/// A Python project: how its dependencies are installed and its tests are run.
///
/// The project itself is never installed: an editable install would import one slot's code in all others.
private struct PythonProject {
    private let folder: ProjectFolder
    private let manifest: SectionedText
    /// The virtual environment of the slot.
    private let environment: String

    private static let manifests = [
        "pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "pytest.ini", "Pipfile", "uv.lock", "poetry.lock",
        "Pipfile.lock",
    ]
    private static let requirements = [
        "requirements.txt", "requirements-dev.txt", "requirements-test.txt", "requirements_dev.txt",
        "requirements_test.txt", "dev-requirements.txt", "test-requirements.txt", "requirements/dev.txt",
        "requirements/test.txt",
    ]
    /// Extras and groups that a test run needs.
    private static let groups = ["test", "tests", "testing", "dev"]
    /// Test files whose text is searched for pytest.
    private static let mostRead = 40

    init(_ folder: ProjectFolder) {
        self.folder = folder
        manifest = SectionedText(folder.text("pyproject.toml") ?? "")
        environment = ["venv", "env"].first { folder.hasIgnored($0) } ?? ".venv"
    }

    var toolchain: Toolchain {
        let (tool, setup) = installation
        let python = setup.isEmpty ? "python3" : "\(environment)/bin/python"
        return Toolchain(
            language: "Python", tool: tool, files: folder.existing(Self.manifests + Self.requirements),
            installed: [".venv", "venv", "env"].filter { folder.hasIgnored($0) }, setup: setup, checks: checks(python))
    }

    // MARK: Dependencies

    private var installation: (tool: String, setup: [SetupStep]) {
        let extras = Self.groups.filter { manifest.strings(of: $0, in: "project.optional-dependencies") != nil }
        if folder.has("uv.lock") {
            let flags = extras.map { " --extra \($0)" }.joined()
            return (
                "uv",
                [
                    SetupStep(
                        "UV_PROJECT_ENVIRONMENT=\(environment) uv sync --frozen --no-install-project\(flags)",
                        inputs: ["uv.lock", "pyproject.toml"], cache: ["~/.cache/uv"])
                ]
            )
        }
        if folder.has("poetry.lock") {
            return (
                "poetry",
                [
                    SetupStep(
                        "POETRY_VIRTUALENVS_IN_PROJECT=1 poetry install --no-root --no-interaction",
                        inputs: ["poetry.lock", "pyproject.toml"], cache: ["~/.cache/pypoetry"])
                ]
            )
        }
        if folder.has("Pipfile.lock") {
            return (
                "pipenv",
                [
                    SetupStep(
                        "PIPENV_VENV_IN_PROJECT=1 pipenv sync --dev", inputs: ["Pipfile.lock"],
                        cache: ["~/.cache/pip", "~/.cache/pipenv"])
                ]
            )
        }
        return ("pip", pip(extras))
    }

    private func pip(_ extras: [String]) -> [SetupStep] {
        let lists = folder.existing(Self.requirements)
        var wanted = manifest.strings(of: "dependencies", in: "project") ?? []
        for extra in extras { wanted += manifest.strings(of: extra, in: "project.optional-dependencies") ?? [] }
        for group in Self.groups { wanted += manifest.strings(of: group, in: "dependency-groups") ?? [] }
        guard !lists.isEmpty || !wanted.isEmpty else { return [] }
        let known = (lists.compactMap(folder.text) + wanted).joined(separator: "\n")
        if usesPytest, !known.contains("pytest") { wanted.append("pytest") }
        let words = lists.map { "-r \($0)" } + wanted.map { "'\($0.replacing("'", with: "\""))'" }
        // The folder ignores itself, whatever the project's .gitignore says.
        let run = """
            python3 -m venv \(environment) && echo '*' >\(environment)/.gitignore && \
            \(environment)/bin/pip install --quiet --disable-pip-version-check \(words.joined(separator: " "))
            """
        let inputs = lists + (folder.has("pyproject.toml") ? ["pyproject.toml"] : [])
        return [SetupStep(run, inputs: inputs, cache: ["~/.cache/pip"])]
    }

    // MARK: Tests

    private func isTest(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix(".py") && (name.hasPrefix("test_") || name.hasSuffix("_test.py") || name == "tests.py")
    }

    private var usesPytest: Bool {
        if folder.has("pytest.ini") || manifest.has("tool.pytest") { return true }
        if folder.names().contains("conftest.py") { return true }
        if SectionedText(folder.text("setup.cfg") ?? "").has("tool:pytest") { return true }
        if SectionedText(folder.text("tox.ini") ?? "").has("pytest") { return true }
        return folder.paths.filter(isTest).prefix(Self.mostRead).contains { path in
            let text = folder.text(path) ?? ""
            return text.contains("import pytest") || text.contains("from pytest") || !text.contains("unittest")
        }
    }

    private func checks(_ python: String) -> [CheckProposal] {
        let path = folder.hasFolder("src") ? ["PYTHONPATH=src"] : []
        var checks: [CheckProposal] = []
        let pytest = CheckProposal(
            .tests, "\(python) -B -m pytest -q -p no:cacheprovider", environment: path)
        if folder.paths.contains(where: isTest) {
            if usesPytest { checks.append(pytest) }
            checks.append(CheckProposal(.tests, "\(python) -B -m unittest -q", environment: path))
            for tests in ["tests", "test"] where folder.hasFolder(tests) {
                checks.append(
                    CheckProposal(.tests, "\(python) -B -m unittest discover -q -s \(tests)", environment: path))
            }
            if !usesPytest { checks.append(pytest) }
        }
        if folder.has("tox.ini") || manifest.has("tool.tox") {
            checks.append(CheckProposal(.tests, "tox -q -e py", needsNetwork: true))
        }
        let parse = "import ast, sys; [ast.parse(open(f, \"rb\").read(), f) for f in sys.argv[1:]]"
        checks.append(
            CheckProposal(
                .syntax,
                "find . -name '*.py' -not -path './\(environment)/*' -print0 | xargs -0 python3 -B -c '\(parse)'"))
        return checks
    }
}
