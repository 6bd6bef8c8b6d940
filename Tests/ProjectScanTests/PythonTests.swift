import ProjectScan
import Testing

@Suite struct PythonTests {
    private let code = ["shop/cart.py": "x = 1\n", "tests/test_cart.py": "import unittest\n"]

    private func project(_ files: [String: String], ignored: [String] = []) -> ScanFixture {
        ScanFixture(files: code.merging(files) { $1 }, ignored: ignored)
    }

    @Test func `files without a manifest are tested with unittest`() {
        let fixture = ScanFixture(files: code)
        #expect(fixture.toolchain?.tool == "pip")
        #expect(fixture.tests.first == "python3 -B -m unittest -q")
        #expect(fixture.setup == [])
    }

    @Test(arguments: [
        ["pytest.ini": "[pytest]\n"], ["conftest.py": ""], ["pyproject.toml": "[tool.pytest.ini_options]\n"],
        ["setup.cfg": "[tool:pytest]\n"], ["tox.ini": "[pytest]\n"], ["tests/test_cart.py": "import pytest\n"],
        ["tests/test_cart.py": "def test_it(): assert True\n"],
    ])
    func `pytest is tried first where the project uses it`(_ files: [String: String]) {
        #expect(project(files).tests.first == "python3 -B -m pytest -q -p no:cacheprovider")
    }

    @Test func `requirements are installed in a virtual environment that ignores itself`() throws {
        let fixture = project(["requirements.txt": "six\n", "requirements-dev.txt": "pytest\n", "conftest.py": ""])
        let step = try #require(fixture.toolchain?.setup.first)
        #expect(
            step.run
                == "python3 -m venv .venv && echo '*' >.venv/.gitignore && .venv/bin/pip install --quiet "
                + "--disable-pip-version-check -r requirements.txt -r requirements-dev.txt")
        #expect(step.inputs == ["requirements.txt", "requirements-dev.txt"])
        #expect(step.cache == ["~/.cache/pip"])
        #expect(fixture.tests.first == ".venv/bin/python -B -m pytest -q -p no:cacheprovider")
    }

    @Test func `an environment of the checkout gives the name of the one in a slot`() {
        let fixture = project(["requirements.txt": "six\n"], ignored: ["venv/"])
        #expect(fixture.setup.first?.hasPrefix("python3 -m venv venv ") == true)
        #expect(fixture.toolchain?.installed == ["venv"])
    }

    @Test func `dependencies and test extras of pyproject are installed without the project itself`() {
        let manifest = """
            [project]
            name = "shop"
            dependencies = [
              "requests[socks]>=2",  # a comment
              'tomli; python_version < "3.11"',
            ]

            [project.optional-dependencies]
            test = ["pytest-cov"]
            docs = ["sphinx"]
            """
        let run = project(["pyproject.toml": manifest]).setup.first ?? ""
        #expect(run.hasSuffix("'requests[socks]>=2' 'tomli; python_version < \"3.11\"' 'pytest-cov'"), "\(run)")
    }

    @Test func `pytest is installed where no list has it`() {
        let fixture = project(["requirements.txt": "six\n", "conftest.py": ""])
        #expect(fixture.setup.first?.hasSuffix("-r requirements.txt 'pytest'") == true)
    }

    @Test(arguments: [
        ("uv.lock", "uv", "UV_PROJECT_ENVIRONMENT=.venv uv sync --frozen --no-install-project"),
        ("poetry.lock", "poetry", "POETRY_VIRTUALENVS_IN_PROJECT=1 poetry install --no-root --no-interaction"),
        ("Pipfile.lock", "pipenv", "PIPENV_VENV_IN_PROJECT=1 pipenv sync --dev"),
    ])
    func `a lock file names the tool`(_ lock: String, _ tool: String, _ run: String) {
        let fixture = project([lock: "", "pyproject.toml": "[project]\n"])
        #expect(fixture.toolchain?.tool == tool)
        #expect(fixture.setup == [run])
        #expect(fixture.tests.first?.hasPrefix(".venv/bin/python ") == true)
    }

    @Test func `tox is tried last, with network`() {
        let fixture = project(["tox.ini": "[tox]\n"])
        let last = fixture.toolchain?.checks.last { $0.purpose == .tests }
        #expect(last?.run == "tox -q -e py")
        #expect(last?.needsNetwork == true)
    }

    @Test func `a source folder is put on the module path`() {
        let fixture = ScanFixture(files: ["src/shop/cart.py": "", "tests/test_cart.py": "import unittest\n"])
        #expect(fixture.toolchain?.checks.first?.environment == ["PYTHONPATH=src"])
    }

    @Test func `without tests the files are parsed`() {
        let fixture = ScanFixture(files: ["a.py": "x = 1\n"])
        #expect(fixture.toolchain?.checks.map(\.purpose) == [.syntax])
    }
}
