import Foundation
import Testing

/// A small project, as a person may have one, in which the word `colour` is to become `color`.
struct FirstProject: Sendable, CustomTestStringConvertible {
    var name: String
    /// Programs without which its tests cannot run.
    var needs: [String]
    /// Files without which its tests cannot run.
    var needsFiles: [String] = []
    /// Whether it is run on every change; the others are run with `ORCHESTRATE_FIRST_RUN=all`.
    var isQuick = false
    /// Whether its checks need installed dependencies or git-ignored files.
    var needsSetup = false
    var files: [String: String]
    /// Files that are in `.gitignore`.
    var ignored: [String: String] = [:]
    /// A folder that is a submodule with this file.
    var submodule: (folder: String, file: String, text: String)?
    /// The check that the plan has.
    var check: String

    var testDescription: String { name }
}

extension FirstProject {
    static let all: [FirstProject] = [
        python, pythonEnvironment, node, nodeModules, nodeSubmodule, rust, c, cpp, java, maven, gradle, perl, swift, go,
        ruby,
        php, cMake,
    ]

    static let python = FirstProject(
        name: "Python with tests on a fixed port", needs: ["python3"], isQuick: true,
        files: [
            "shop/paint.py": "# The colour of a wall.\ndef names():\n    return ['red', 'blue']\n",
            "shop/wall.py": "from shop.paint import names\n\ndef first():\n    return names()[0]  # its colour\n",
            "tests/__init__.py": "",
            "tests/test_wall.py": """
            import socket
            import unittest
            from shop.wall import first

            class WallTests(unittest.TestCase):
                def test_first(self):
                    with socket.create_server(('127.0.0.1', 18765)):
                        self.assertEqual(first(), 'red')

            """,
        ], check: "python3 -B -m unittest -q")

    static let pythonEnvironment = FirstProject(
        name: "Python with a virtual environment", needs: ["python3"], needsSetup: true,
        files: [
            "requirements.txt": "six==1.16.0\n", ".gitignore": ".env\napp/version.py\n.venv/\n",
            "app/text.py":
                "import six\nfrom app.version import VERSION\n\ndef label():\n    return six.ensure_str('colour'[:4]) + VERSION\n",
            "tests/__init__.py": "",
            "tests/test_text.py": """
            import unittest
            from app.text import label

            class TextTests(unittest.TestCase):
                def test_label(self):
                    self.assertIn(open('.env').read().strip(), label())

            """,
        ], ignored: [".env": "colo\n", "app/version.py": "VERSION = '1'\n"], check: ".venv/bin/python -B -m unittest -q"
    )

    private static let nodeTest = """
        const test = require('node:test');
        const assert = require('node:assert');
        const { first } = require('../lib/wall');
        test('first', () => assert.strictEqual(first(), 'red'));

        """

    static let node = FirstProject(
        name: "Node", needs: ["node", "npm"], isQuick: true,
        files: [
            "package.json": #"{"name": "paint", "version": "1.0.0", "scripts": {"test": "node --test"}}"#,
            "lib/paint.js": "// The colour of a wall.\nexports.names = ['red'];\n",
            "lib/wall.js": "const { names } = require('./paint');\nexports.first = () => names[0]; // colour\n",
            "test/wall.test.js": nodeTest,
        ], check: "npm test")

    static let nodeModules = FirstProject(
        name: "Node with node_modules", needs: ["node", "npm"], needsSetup: true,
        files: [
            "package.json":
                #"{"name": "paint", "version": "1.0.0", "scripts": {"test": "node --test"}, "dependencies": {"names": "file:names"}}"#,
            "names/package.json": #"{"name": "names", "version": "1.0.0"}"#,
            "names/index.js": "exports.names = ['red'];\n", ".gitignore": "node_modules/\n",
            "lib/wall.js": "const { names } = require('names');\nexports.first = () => names[0]; // colour\n",
            "test/wall.test.js": nodeTest,
        ], check: "npm test")

    static let nodeSubmodule = FirstProject(
        name: "Node with a submodule", needs: ["node", "npm"], needsSetup: true,
        files: [
            "package.json": #"{"name": "paint", "version": "1.0.0", "scripts": {"test": "node --test test"}}"#,
            "lib/wall.js": "const { names } = require('../names');\nexports.first = () => names[0]; // colour\n",
            "test/wall.test.js": nodeTest,
        ], submodule: ("names", "index.js", "exports.names = ['red'];\n"), check: "npm test")

    static let rust = FirstProject(
        name: "Rust", needs: ["cargo"], isQuick: true,
        files: [
            "Cargo.toml": "[package]\nname = \"paint\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
            ".gitignore": "target/\nCargo.lock\n",
            "src/paint.rs": "// The colour of a wall.\npub fn first() -> u8 { 1 }\n",
            "src/lib.rs": """
            //! Walls and their colour.
            pub mod paint;

            #[cfg(test)]
            mod tests {
                #[test]
                fn first() { assert_eq!(crate::paint::first(), 1); }
            }

            """,
        ], check: "cargo test --quiet --offline")

    static let c = FirstProject(
        name: "C with make", needs: ["gcc", "make"], isQuick: true,
        files: [
            ".gitignore": "check\n", "Makefile": "test:\n\tgcc -o check paint.c tests/check.c && ./check\n",
            "paint.h": "/* The colour of a wall. */\nint paint(void);\n",
            "paint.c": "#include \"paint.h\"\nint paint(void) { return 1; } /* colour */\n",
            "tests/check.c": "#include \"../paint.h\"\nint main(void) { return paint() != 1; }\n",
        ], check: "make -s test")

    static let cpp = FirstProject(
        name: "C++ with make", needs: ["g++", "make"],
        files: [
            ".gitignore": "check\n", "Makefile": "check: all\nall:\n\tg++ -o check wall.cpp main.cpp\n\t./check\n",
            "wall.hpp": "// The colour of a wall.\nstruct Wall { int paint = 1; };\n",
            "wall.cpp": "#include \"wall.hpp\"\nint paint() { return Wall{}.paint; } // colour\n",
            "main.cpp": "int paint();\nint main() { return paint() != 1; }\n",
        ], check: "make -s check")

    static let java = FirstProject(
        name: "Java without a build tool", needs: ["javac"], isQuick: true,
        files: [
            "src/paint/Wall.java":
                "package paint;\n\n/** A wall and its colour. */\npublic class Wall { Paint paint = new Paint(); }\n",
            "src/paint/Paint.java": "package paint;\n\n/** A colour. */\nclass Paint { int number = 1; }\n",
        ], check: "javac -d")

    private static let wall = [
        "src/main/java/paint/Wall.java":
            "package paint;\n\n/** A wall and its colour. */\npublic class Wall { public int first() { return 1; } }\n",
        "src/test/java/paint/WallTest.java": """
        package paint;

        import static org.junit.Assert.assertEquals;
        import org.junit.Test;

        public class WallTest {
            @Test public void first() { assertEquals(1, new Wall().first()); }
        }

        """,
    ]

    /// What a Maven project without network needs: packages of Debian, such as libsurefire-java.
    static let mavenNeeds = [
        (command: "mvn --version", words: "mvn"),
        (
            command: """
            for part in surefire compiler resources; do
                test -d /usr/share/maven-repo/org/apache/maven/plugins/maven-$part-plugin || exit 1
            done
            test -d /usr/share/maven-repo/junit/junit
            """,
            words: "Debian's libsurefire-java, libmaven-compiler-plugin-java, libmaven-resources-plugin-java and junit4"
        ),
    ]

    /// Debian's packages are the repository, in place of Maven Central.
    static let maven = FirstProject(
        name: "Java with Maven", needs: ["mvn"],
        needsFiles: [
            "/usr/share/maven-repo/org/apache/maven/plugins/maven-surefire-plugin",
            "/usr/share/maven-repo/org/apache/maven/plugins/maven-compiler-plugin",
            "/usr/share/maven-repo/org/apache/maven/plugins/maven-resources-plugin",
        ], needsSetup: true,
        files: [
            ".gitignore": "target/\n", ".mvn/maven.config": "--settings=.mvn/settings.xml\n",
            ".mvn/settings.xml": """
            <settings>
              <mirrors>
                <mirror><id>debian</id><mirrorOf>*</mirrorOf><url>file:///usr/share/maven-repo</url></mirror>
              </mirrors>
            </settings>

            """,
            "pom.xml": """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.example</groupId>
              <artifactId>paint</artifactId>
              <version>1.0</version>
              <properties>
                <maven.compiler.source>8</maven.compiler.source>
                <maven.compiler.target>8</maven.compiler.target>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                <dependency>
                  <groupId>junit</groupId><artifactId>junit</artifactId><version>4.x</version><scope>test</scope>
                </dependency>
              </dependencies>
            </project>

            """,
        ].merging(wall) { $1 }, check: "mvn -B -ntp -Dmaven.repo.local=.m2/repository -o test")

    static let gradle = FirstProject(
        name: "Java with Gradle", needs: ["gradle"], needsFiles: ["/usr/share/maven-repo/junit/junit"],
        needsSetup: true,
        files: [
            ".gitignore": ".gradle/\nbuild/\n", "settings.gradle": "rootProject.name = 'paint'\n",
            // Debian has Gradle 4.
            "build.gradle": """
            apply plugin: 'java'
            repositories { maven { url '/usr/share/maven-repo' } }
            dependencies { testCompile 'junit:junit:4.x' }

            """,
        ].merging(wall) { $1 }, check: "--no-daemon --offline test")

    static let perl = FirstProject(
        name: "Perl with make", needs: ["perl", "prove", "make"],
        files: [
            "Makefile": "test:\n\tprove -Ilib t\n",
            "lib/Paint.pm": "package Paint;\n# The colour of a wall.\nsub first { 'red' }\n1;\n",
            "t/paint.t": "use Test::More tests => 1;\nuse Paint;\nis(Paint::first(), 'red');\n",
        ], check: "make -s test")

    static let swift = FirstProject(
        name: "Swift", needs: ["swift"],
        files: [
            ".gitignore": ".build/\n",
            "Package.swift": """
            // swift-tools-version: 5.9
            import PackageDescription
            let package = Package(name: "Paint", targets: [.target(name: "Paint")])

            """, "Sources/Paint/Paint.swift": "/// A colour.\npublic struct Paint {}\n",
            "Sources/Paint/Wall.swift": "/// A wall and its colour.\npublic struct Wall { var paint = Paint() }\n",
        ], check: "swift build --quiet")

    static let go = FirstProject(
        name: "Go", needs: ["go"],
        files: [
            "go.mod": "module example.org/paint\n\ngo 1.19\n",
            "paint.go": "package paint\n\n// First is a colour.\nfunc First() string { return \"red\" }\n",
            "paint_test.go":
                "package paint\n\nimport \"testing\"\n\nfunc TestFirst(t *testing.T) {\n\tif First() != \"red\" {\n\t\tt.Fail()\n\t}\n}\n",
        ], check: "go test ./...")

    static let ruby = FirstProject(
        name: "Ruby", needs: ["ruby"],
        files: [
            "lib/paint.rb": "# A colour.\ndef first = 'red'\n",
            "test/paint_test.rb":
                "require 'minitest/autorun'\nrequire 'paint'\nclass PaintTest < Minitest::Test\n  def test_first = assert_equal('red', first)\nend\n",
        ], check: "ruby -Ilib -Itest")

    static let php = FirstProject(
        name: "PHP", needs: ["php"], files: ["src/Paint.php": "<?php\n// A colour.\nclass Paint {}\n"], check: "php -l")

    static let cMake = FirstProject(
        name: "C++ with CMake", needs: ["cmake", "g++"],
        files: [
            ".gitignore": "build/\n",
            "CMakeLists.txt":
                "cmake_minimum_required(VERSION 3.13)\nproject(paint CXX)\nenable_testing()\nadd_executable(check wall.cpp)\nadd_test(NAME check COMMAND check)\n",
            "wall.cpp": "// A colour.\nint main() { return 0; }\n",
        ], check: "ctest --test-dir build")
}
