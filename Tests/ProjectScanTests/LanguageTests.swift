import ProjectScan
import Testing

/// Small repositories of each language, with the first check that a scan proposes for them.
@Suite struct LanguageTests {
    struct Example: Sendable, CustomStringConvertible {
        var description: String
        var files: [String: String]
        var language: String
        var check: String
        var setup: String?
    }

    private static let module = "module x\n"
    private static let go = "GOMODCACHE=\"$PWD/.go-mod\" GOFLAGS=-modcacherw go"
    private static let cargo = "CARGO_HOME=\"$PWD/.cargo-home\" cargo"
    private static let wrapper = "MAVEN_USER_HOME=\"$PWD/.m2\" ./mvnw"
    private static let maven = "-B -ntp -Dmaven.repo.local=.m2/repository"
    private static let gradle = "GRADLE_USER_HOME=\"$PWD/.gradle-home\" ./gradlew --no-daemon"
    private static let dotnet = "NUGET_PACKAGES=\"$PWD/.nuget-packages\" dotnet"

    /// A command that fills a folder which ignores itself.
    private static func hidden(_ folder: String, _ run: String) -> String {
        "mkdir -p \(folder) && echo '*' >\(folder)/.gitignore && \(run)"
    }

    private static let examples: [Example] = [
        Example(
            description: "Go", files: ["go.mod": module, "a.go": "", "a_test.go": ""], language: "Go",
            check: "go test ./..."),
        Example(
            description: "Go with modules", files: ["go.mod": module, "go.sum": "x", "a.go": ""], language: "Go",
            check: "\(go) build ./... && \(go) vet ./...", setup: hidden(".go-mod", "\(go) mod download")),
        Example(
            description: "Rust", files: ["Cargo.toml": "[package]\n", "src/lib.rs": ""], language: "Rust",
            check: "cargo test --quiet --offline"),
        Example(
            description: "Rust with crates",
            files: [
                "Cargo.toml": "[dependencies]\n", "Cargo.lock": "[[package]]\nsource = \"registry\"\n",
                "src/lib.rs": "",
            ], language: "Rust", check: "\(cargo) test --quiet --offline --locked",
            setup: hidden(".cargo-home", "\(cargo) fetch --locked")),
        Example(
            description: "Maven", files: ["pom.xml": "<project/>", "src/main/java/A.java": ""], language: "Java",
            check: "mvn \(maven) -o test",
            setup: hidden(".m2", "mvn \(maven) -q test -Dmaven.test.failure.ignore=true")),
        Example(
            description: "Maven with its wrapper", files: ["pom.xml": "", "mvnw": "", "A.java": ""], language: "Java",
            check: "\(wrapper) \(maven) -o test",
            setup: hidden(".m2", "\(wrapper) \(maven) -q test -Dmaven.test.failure.ignore=true")),
        Example(
            description: "Kotlin and Gradle",
            files: ["build.gradle.kts": "", "gradlew": "", "src/main/kotlin/A.kt": ""],
            language: "Kotlin", check: "\(gradle) --offline test",
            setup: hidden(".gradle-home", "\(gradle) -q testClasses")),
        Example(
            description: "plain Java", files: ["src/A.java": ""], language: "Java",
            check: "find . -name '*.java' -print0 | xargs -0 javac -d \"$(mktemp -d)\""),
        Example(
            description: "CMake",
            files: ["CMakeLists.txt": "enable_testing()\n", "a.cpp": ""], language: "C++",
            check: "cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure"),
        Example(
            description: "CMake without tests", files: ["CMakeLists.txt": "", "a.c": ""], language: "C",
            check: "cmake -S . -B build && cmake --build build"),
        Example(
            description: "Meson", files: ["meson.build": "test('a', a)\n", "a.c": ""], language: "C",
            check: "{ test -d build || meson setup build; } && meson test -C build --print-errorlogs"),
        Example(
            description: "Autotools", files: ["configure.ac": "", "Makefile.am": "", "a.c": ""], language: "C",
            check: "{ test -f Makefile || { autoreconf -fi && ./configure --quiet; }; } && make -s check"),
        Example(
            description: "make", files: ["Makefile": "CC := gcc\nall: a\ntest check: a\n\t./a\n", "a.c": ""],
            language: "C", check: "make -s test"),
        Example(
            description: "Swift", files: ["Package.swift": "", "Sources/a.swift": "", "Tests/b.swift": ""],
            language: "Swift", check: "swift test --quiet"),
        Example(
            description: "Swift with packages", files: ["Package.swift": ".package(url: \"\")", "Sources/a.swift": ""],
            language: "Swift", check: "swift build --quiet", setup: "swift package resolve"),
        Example(
            description: "Ruby and RSpec", files: ["Gemfile": "", "lib/a.rb": "", "spec/a_spec.rb": ""],
            language: "Ruby", check: "bundle exec rspec",
            setup: hidden("vendor/bundle", "BUNDLE_PATH=vendor/bundle bundle install --quiet")),
        Example(
            description: "Ruby and Rake",
            files: ["Rakefile": "Rake::TestTask.new\n", "lib/a.rb": "", "test/a_test.rb": ""],
            language: "Ruby", check: "rake test"),
        Example(
            description: "PHP",
            files: ["composer.json": #"{"require-dev": {"phpunit/phpunit": "^10"}}"#, "src/A.php": ""],
            language: "PHP", check: "php vendor/bin/phpunit",
            setup: "composer install --no-interaction --no-progress --quiet"),
        Example(
            description: "PHP without packages", files: ["composer.json": #"{"require": {"php": "8"}}"#, "a.php": ""],
            language: "PHP",
            check: "find . -path ./vendor -prune -o -name '*.php' -print0 | xargs -0 -n 1 php -l >/dev/null"),
        Example(
            description: "C#",
            files: ["App.sln": "", "T/T.csproj": "<x Include=\"Microsoft.NET.Test.Sdk\"/>", "App/A.cs": ""],
            language: "C#", check: "\(dotnet) test --no-restore", setup: hidden(".nuget-packages", "\(dotnet) restore")),
        Example(
            description: "C# with a solution and a project in one folder",
            files: ["App.sln": "", "App.csproj": "<x Include=\"xunit.v3\"/>", "A.cs": "", "packages.lock.json": ""],
            language: "C#", check: "\(dotnet) test \"App.sln\" --no-restore",
            setup: hidden(".nuget-packages", "\(dotnet) restore \"App.sln\" --locked-mode")),
        Example(
            description: "C# with the newer test runner",
            files: [
                "App.slnx": "", "App.csproj": "<Project Sdk=\"MSTest.Sdk\"/>", "A.cs": "",
                "global.json": #"{"test": {"runner": "Microsoft.Testing.Platform"}}"#,
            ], language: "C#", check: "\(dotnet) test --solution \"App.slnx\" --no-restore",
            setup: hidden(".nuget-packages", "\(dotnet) restore \"App.slnx\"")),
    ]

    @Test(arguments: examples)
    func `a project is known by its build file`(_ example: Example) {
        let fixture = ScanFixture(files: example.files)
        #expect(fixture.toolchain?.language == example.language)
        #expect(fixture.toolchain?.checks.first?.run == example.check)
        #expect(fixture.setup.first == example.setup)
    }

    @Test func `a Makefile beside a language's own build file is left out`() {
        let fixture = ScanFixture(files: ["Makefile": "test:\n", "go.mod": "", "a.go": ""])
        #expect(fixture.profile.toolchains.map(\.tool) == ["go"])
    }
}
