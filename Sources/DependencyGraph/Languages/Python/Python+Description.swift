import Model

extension Python {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .indentation,
        nameOrder: nil,
        packages: .chain(of: ["__init__.py", "__init__.pyi"]),
        toolchains: [
            ToolchainFolder(".conda"), ToolchainFolder(".pyenv"), ToolchainFolder("anaconda3"),
            ToolchainFolder("miniconda3"), ToolchainFolder("miniforge3"),
        ],
        tests: .python,
        suppressions: SuppressionRules(
            starts: [
                (.lint, "noqa"), (.lint, "flake8:noqa"), (.lint, "ruff:noqa"), (.lint, "pylint:disable"),
                (.lint, "pylint:skip-file"), (.lint, "nosec"), (.lint, "nosemgrep"), (.lint, "noinspection"),
                (.types, "type:ignore"), (.types, "mypy:ignore-errors"), (.types, "mypy:disable-error-code"),
                (.types, "pyright:ignore"), (.types, "pyre-ignore"), (.types, "pyre-fixme"),
                (.types, "pytype:disable"), (.types, "pytype:skip-file"), (.types, "ty:ignore"),
            ],
            attributes: [
                (.types, ["@", "no_type_check"]), (.types, ["@", "typing", ".", "no_type_check"]),
            ]),
        hasHashComments: true)
}
