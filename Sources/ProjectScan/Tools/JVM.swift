extension ProjectKind {
    static let maven = ProjectKind(manifests: ["pom.xml"]) { folder in
        guard folder.has("pom.xml") else { return nil }
        // Checks do not see caches outside of the slot, so the packages are in it, and Maven itself where a wrapper fetches it.
        let program = folder.has("mvnw") ? "MAVEN_USER_HOME=\"$PWD/.m2\" ./mvnw" : "mvn"
        let maven = "\(program) -B -ntp -Dmaven.repo.local=.m2/repository"
        // Maven looks for the runner of the tests only when it runs them, so one run with network fetches everything.
        let fetch = SetupStep(
            "\(maven) -q test -Dmaven.test.failure.ignore=true", inputs: ["**/pom.xml"], into: ".m2")
        return Toolchain(
            language: jvmLanguage(folder), tool: "Maven", files: folder.existing(["pom.xml", "mvnw"]),
            installed: folder.hasIgnored("target") ? ["target"] : [], setup: [fetch],
            checks: [
                CheckProposal(.tests, "\(maven) -o test", report: "**/target/surefire-reports/*.xml"),
                CheckProposal(.build, "\(maven) -q -o test-compile"),
            ])
    }

    static let gradle = ProjectKind(
        manifests: ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]
    ) { folder in
        let files = folder.existing([
            "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "gradle.lockfile", "gradlew",
        ])
        guard files.contains(where: { $0 != "gradlew" }) else { return nil }
        let gradle =
            "GRADLE_USER_HOME=\"$PWD/.gradle-home\" \(folder.has("gradlew") ? "./gradlew" : "gradle") --no-daemon"
        let fetch = SetupStep(
            "\(gradle) -q testClasses", inputs: ["**/*.gradle", "**/*.gradle.kts", "**/gradle.lockfile"],
            into: ".gradle-home")
        return Toolchain(
            language: jvmLanguage(folder), tool: "Gradle", files: files,
            installed: folder.hasIgnored(".gradle") ? [".gradle"] : [], setup: [fetch],
            checks: [
                CheckProposal(
                    .tests, "\(gradle) --offline test", report: "**/build/test-results/test/*.xml"),
                CheckProposal(.build, "\(gradle) --offline -q testClasses"),
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
