extension ProjectKind {
    static let maven = ProjectKind(manifests: ["pom.xml"]) { folder in
        guard folder.has("pom.xml") else { return nil }
        let maven = folder.has("mvnw") ? "./mvnw" : "mvn"
        // Maven looks for the runner of the tests only when it runs them, so one run with network fetches everything.
        let fetch = SetupStep(
            "\(maven) -q -B -ntp test -Dmaven.test.failure.ignore=true", inputs: ["**/pom.xml"], cache: ["~/.m2"])
        return Toolchain(
            language: jvmLanguage(folder), tool: "Maven", files: folder.existing(["pom.xml", "mvnw"]),
            installed: folder.hasIgnored("target") ? ["target"] : [], setup: [fetch],
            checks: [
                CheckProposal(.tests, "\(maven) -B -ntp -o test", report: "**/target/surefire-reports/*.xml"),
                CheckProposal(.build, "\(maven) -q -B -ntp -o test-compile"),
            ])
    }

    static let gradle = ProjectKind(
        manifests: ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]
    ) { folder in
        let files = folder.existing([
            "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "gradle.lockfile", "gradlew",
        ])
        guard files.contains(where: { $0 != "gradlew" }) else { return nil }
        let gradle = folder.has("gradlew") ? "./gradlew" : "gradle"
        let fetch = SetupStep(
            "\(gradle) --no-daemon -q testClasses", inputs: ["**/*.gradle", "**/*.gradle.kts", "**/gradle.lockfile"],
            cache: ["~/.gradle"])
        return Toolchain(
            language: jvmLanguage(folder), tool: "Gradle", files: files,
            installed: folder.hasIgnored(".gradle") ? [".gradle"] : [], setup: [fetch],
            checks: [
                CheckProposal(
                    .tests, "\(gradle) --no-daemon --offline test", report: "**/build/test-results/test/*.xml"),
                CheckProposal(.build, "\(gradle) --no-daemon --offline -q testClasses"),
            ])
    }

    /// Java files without a build tool.
    static let plainJava = ProjectKind(manifests: []) { folder in
        let isBuilt = folder.paths.contains { path in
            ["pom.xml", "build.gradle", "build.gradle.kts", "Makefile"].contains(path.split(separator: "/").last ?? "")
        }
        guard folder.hasAny(ending: ".java"), !isBuilt else { return nil }
        return Toolchain(
            language: "Java", tool: "javac", files: [],
            checks: [
                CheckProposal(.build, "find . -name '*.java' -print0 | xargs -0 javac -d \"$(mktemp -d)\"")
            ])
    }

    private static func jvmLanguage(_ folder: ProjectFolder) -> String {
        let kotlin = folder.paths.count { $0.hasSuffix(".kt") }
        return kotlin > folder.paths.count { $0.hasSuffix(".java") } ? "Kotlin" : "Java"
    }
}
