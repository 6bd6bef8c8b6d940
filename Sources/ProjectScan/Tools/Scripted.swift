extension ProjectKind {
    static let ruby = ProjectKind(manifests: ["Gemfile", "Rakefile", "*.gemspec"]) { folder in
        guard folder.hasAny(ending: ".rb") || folder.has("Gemfile") else { return nil }
        let usesBundler = folder.has("Gemfile")
        let environment = usesBundler ? ["BUNDLE_PATH=vendor/bundle"] : []
        let prefix = usesBundler ? "bundle exec " : ""
        let install = SetupStep(
            "BUNDLE_PATH=vendor/bundle bundle install --quiet", inputs: ["Gemfile", "Gemfile.lock", "*.gemspec"],
            cache: ["~/.bundle/cache"], into: "vendor/bundle")
        var checks: [CheckProposal] = []
        if folder.hasFolder("spec") {
            checks.append(CheckProposal(.tests, "\(prefix)rspec", environment: environment))
        }
        if folder.has("Rakefile"), folder.text("Rakefile")?.contains("TestTask") ?? false {
            checks.append(CheckProposal(.tests, "\(prefix)rake test", environment: environment))
        }
        if folder.hasFolder("test") {
            let load = "Dir[\"./test/**/{test_*,*_test}.rb\"].each { |file| require file }"
            checks.append(
                CheckProposal(.tests, "\(prefix)ruby -Ilib -Itest -e '\(load)'", environment: environment))
        }
        checks.append(
            CheckProposal(
                .syntax,
                "find . -path ./vendor -prune -o -name '*.rb' -print0 | xargs -0 -n 1 ruby -c >/dev/null"))
        return Toolchain(
            language: "Ruby", tool: usesBundler ? "Bundler" : "ruby",
            files: folder.existing(["Gemfile", "Gemfile.lock", "Rakefile"]),
            installed: folder.hasIgnored("vendor/bundle") ? ["vendor/bundle"] : [],
            setup: usesBundler ? [install] : [], checks: checks)
    }

    static let php = ProjectKind(manifests: ["composer.json"]) { folder in
        guard folder.hasAny(ending: ".php") else { return nil }
        let manifest = ComposerManifest(folder.text("composer.json"))
        let install = SetupStep(
            "composer install --no-interaction --no-progress --quiet", inputs: ["composer.json", "composer.lock"],
            cache: ["~/.cache/composer"])
        var checks: [CheckProposal] = []
        if let manifest {
            if manifest.packages.contains("phpunit/phpunit") {
                checks.append(CheckProposal(.tests, "php vendor/bin/phpunit"))
            }
            if manifest.packages.contains("pestphp/pest") {
                checks.append(CheckProposal(.tests, "php vendor/bin/pest"))
            }
            if manifest.scripts.contains("test") { checks.append(CheckProposal(.tests, "composer test")) }
        }
        checks.append(
            CheckProposal(
                .syntax, "find . -path ./vendor -prune -o -name '*.php' -print0 | xargs -0 -n 1 php -l >/dev/null"))
        return Toolchain(
            language: "PHP", tool: manifest == nil ? "php" : "Composer",
            files: folder.existing(["composer.json", "composer.lock", "phpunit.xml", "phpunit.xml.dist"]),
            installed: folder.hasIgnored("vendor") ? ["vendor"] : [],
            setup: manifest?.packages.isEmpty ?? true ? [] : [install], checks: checks)
    }
}
