import Git
import Model

extension GuardFixture {
    /// One test file of each framework, with two tests of two assertions each.
    private struct Sample {
        var framework: String
        var path: String
        var text: String
        /// A part of it and what stands there once the second test is gone.
        var second: String
        /// The same for one assertion of the second test.
        var assertion: String
        /// The second test's body, and one that does nothing.
        var body: (full: String, empty: String)
        /// Where the second test begins, and how it begins where it is skipped.
        var start: (plain: String, skipped: String)
    }

    private static let samples = [
        Sample(
            framework: "unittest", path: "tests/test_a.py",
            text: """
                import unittest

                class A(unittest.TestCase):
                    def test_one(self):
                        self.assertEqual(f(1), 1)
                        self.assertTrue(g(1))

                    def test_two(self):
                        x = f(2)
                        self.assertEqual(x, 2)
                        with self.assertRaises(ValueError):
                            f(None)

                    def helper(self):
                        return 1

                """,
            second: """
                    def test_two(self):
                        x = f(2)
                        self.assertEqual(x, 2)
                        with self.assertRaises(ValueError):
                            f(None)


                """,
            assertion: "        self.assertEqual(x, 2)\n",
            body: (
                """
                        x = f(2)
                        self.assertEqual(x, 2)
                        with self.assertRaises(ValueError):
                            f(None)

                """, "        \"\"\"Later.\"\"\"\n        self.assertTrue(True)\n"
            ), start: ("    def test_two", "    @unittest.skip('later')\n    def test_two")),
        Sample(
            framework: "pytest", path: "src/a_test.py",
            text: """
                import pytest

                def test_one():
                    assert f(1) == 1
                    assert g(1)

                async def test_two(tmp_path):
                    x = f(2)
                    assert x == 2, "two"
                    with pytest.raises(ValueError):
                        f(None)

                """,
            second: """
                async def test_two(tmp_path):
                    x = f(2)
                    assert x == 2, "two"
                    with pytest.raises(ValueError):
                        f(None)

                """,
            assertion: "    assert x == 2, \"two\"\n",
            body: (
                """
                    x = f(2)
                    assert x == 2, "two"
                    with pytest.raises(ValueError):
                        f(None)

                """, "    pass\n"
            ), start: ("async def test_two", "@pytest.mark.skip(reason='later')\nasync def test_two")),
        Sample(
            framework: "Jest", path: "src/a.test.ts",
            text: """
                describe("a", () => {
                  it("one", () => {
                    expect(f(1)).toBe(1);
                    expect(g(1)).toEqual({ a: 1 });
                  });
                  it("two", async () => {
                    const x = await f(2);
                    expect(x).toBe(2);
                    expect(() => f(null)).toThrow();
                  });
                });

                """,
            second: """
                  it("two", async () => {
                    const x = await f(2);
                    expect(x).toBe(2);
                    expect(() => f(null)).toThrow();
                  });

                """,
            assertion: "    expect(x).toBe(2);\n",
            body: (
                """
                    const x = await f(2);
                    expect(x).toBe(2);
                    expect(() => f(null)).toThrow();

                """, "    expect(true).toBe(true);\n"
            ), start: ("it(\"two\"", "it.skip(\"two\"")),
        Sample(
            framework: "Mocha", path: "test/a.js",
            text: """
                const assert = require('assert');
                describe('a', function () {
                  it('one', function (done) {
                    assert.equal(f(1), 1);
                    assert(g(1));
                  });
                  it('two', function () {
                    assert.equal(f(2), 2);
                    assert.throws(() => f(null));
                  });
                });

                """,
            second: """
                  it('two', function () {
                    assert.equal(f(2), 2);
                    assert.throws(() => f(null));
                  });

                """,
            assertion: "    assert.equal(f(2), 2);\n",
            body: ("    assert.equal(f(2), 2);\n    assert.throws(() => f(null));\n", "    // later\n"),
            start: ("it('two'", "xit('two'")),
        Sample(
            framework: "Go", path: "pkg/a_test.go",
            text: """
                package pkg

                import "testing"

                func TestOne(t *testing.T) {
                	if F(1) != 1 {
                		t.Fatalf("one: %v", F(1))
                	}
                	require.NoError(t, G(1))
                }

                func TestTwo(t *testing.T) {
                	x := F(2)
                	assert.Equal(t, 2, x)
                	if G(2) == nil {
                		t.Error("two")
                	}
                }

                """,
            second: """
                func TestTwo(t *testing.T) {
                	x := F(2)
                	assert.Equal(t, 2, x)
                	if G(2) == nil {
                		t.Error("two")
                	}
                }

                """,
            assertion: "\tassert.Equal(t, 2, x)\n",
            body: (
                "\tx := F(2)\n\tassert.Equal(t, 2, x)\n\tif G(2) == nil {\n\t\tt.Error(\"two\")\n\t}\n", "\treturn\n"
            ), start: ("\tx := F(2)\n", "\tt.Skip(\"later\")\n\tx := F(2)\n")),
        Sample(
            framework: "JUnit 5", path: "src/test/java/ATest.java",
            text: """
                class ATest {
                    @Test
                    void one() {
                        assertEquals(1, f(1));
                        assertTrue(g(1));
                    }

                    @Test
                    @DisplayName("the second (2)")
                    void two() throws Exception {
                        int x = f(2);
                        assertEquals(2, x);
                        assertThrows(Bad.class, () -> f(0));
                    }
                }

                """,
            second: """
                    @Test
                    @DisplayName("the second (2)")
                    void two() throws Exception {
                        int x = f(2);
                        assertEquals(2, x);
                        assertThrows(Bad.class, () -> f(0));
                    }

                """,
            assertion: "        assertEquals(2, x);\n",
            body: (
                """
                        int x = f(2);
                        assertEquals(2, x);
                        assertThrows(Bad.class, () -> f(0));

                """, "        assertTrue(true);\n"
            ), start: ("    @DisplayName", "    @Disabled\n    @DisplayName")),
        Sample(
            framework: "Kotlin", path: "src/test/kotlin/ATest.kt",
            text: """
                class ATest {
                    @Test
                    fun `one is one`() {
                        assertEquals(1, f(1))
                        assertTrue(g(1))
                    }

                    @Test
                    fun two() = runTest {
                        val x = f(2)
                        assertEquals(2, x)
                        assertFailsWith<Bad> { f(0) }
                    }
                }

                """,
            second: """
                    @Test
                    fun two() = runTest {
                        val x = f(2)
                        assertEquals(2, x)
                        assertFailsWith<Bad> { f(0) }
                    }

                """,
            assertion: "        assertEquals(2, x)\n",
            body: (
                """
                        val x = f(2)
                        assertEquals(2, x)
                        assertFailsWith<Bad> { f(0) }

                """, "        return\n"
            ), start: ("    @Test\n    fun two", "    @Test\n    @Ignore\n    fun two")),
        Sample(
            framework: "XCTest", path: "Tests/ATests/ATests.swift",
            text: """
                import XCTest

                final class ATests: XCTestCase {
                    func testOne() {
                        XCTAssertEqual(f(1), 1)
                        XCTAssert(g(1))
                    }

                    func testTwo() throws {
                        let x = try XCTUnwrap(f(2))
                        XCTAssertEqual(x, 2)
                        XCTAssertThrowsError(try f(0))
                    }
                }

                """,
            second: """
                    func testTwo() throws {
                        let x = try XCTUnwrap(f(2))
                        XCTAssertEqual(x, 2)
                        XCTAssertThrowsError(try f(0))
                    }

                """,
            assertion: "        XCTAssertEqual(x, 2)\n",
            body: (
                """
                        let x = try XCTUnwrap(f(2))
                        XCTAssertEqual(x, 2)
                        XCTAssertThrowsError(try f(0))

                """, "        XCTAssertTrue(true)\n"
            ), start: ("        let x = try", "        throw XCTSkip(\"later\")\n        let x = try")),
        Sample(
            framework: "Swift Testing", path: "Tests/ATests/ATests.swift",
            text: """
                import Testing

                @Suite struct ATests {
                    @Test func one() {
                        #expect(f(1) == 1)
                        #expect(g(1))
                    }

                    @Test("the second", arguments: [2, 3])
                    func two(n: Int) throws {
                        let x = try #require(f(n))
                        #expect(x == n)
                        #expect(throws: Bad.self) { try f(0) }
                    }
                }

                """,
            second: """
                    @Test("the second", arguments: [2, 3])
                    func two(n: Int) throws {
                        let x = try #require(f(n))
                        #expect(x == n)
                        #expect(throws: Bad.self) { try f(0) }
                    }

                """,
            assertion: "        #expect(x == n)\n",
            body: (
                """
                        let x = try #require(f(n))
                        #expect(x == n)
                        #expect(throws: Bad.self) { try f(0) }

                """, "        return\n"
            ), start: ("@Test(\"the second\"", "@Test(\"the second\", .disabled(\"later\")")),
        Sample(
            framework: "Rust", path: "src/lib.rs",
            text: """
                pub fn f(x: u8) -> u8 { x }

                #[cfg(test)]
                mod tests {
                    use super::*;

                    #[test]
                    fn one() {
                        assert_eq!(f(1), 1);
                        assert!(g(1));
                    }

                    #[tokio::test]
                    async fn two() {
                        let x = f(2);
                        assert_eq!(x, 2);
                        assert!(matches!(h(x), Err(_)));
                    }
                }

                """,
            second: """
                    #[tokio::test]
                    async fn two() {
                        let x = f(2);
                        assert_eq!(x, 2);
                        assert!(matches!(h(x), Err(_)));
                    }

                """,
            assertion: "        assert_eq!(x, 2);\n",
            body: (
                """
                        let x = f(2);
                        assert_eq!(x, 2);
                        assert!(matches!(h(x), Err(_)));

                """, "        assert!(true);\n"
            ), start: ("    #[tokio::test]", "    #[ignore]\n    #[tokio::test]")),
        Sample(
            framework: "xUnit", path: "test/ATests.cs",
            text: """
                public class ATests {
                    [Fact]
                    public void One() {
                        Assert.Equal(1, F(1));
                        Assert.True(G(1));
                    }

                    [Theory]
                    [InlineData(2)]
                    public async Task Two(int n) {
                        var x = await F(n);
                        Assert.Equal(n, x);
                        x.Should().Be(n);
                    }
                }

                """,
            second: """
                    [Theory]
                    [InlineData(2)]
                    public async Task Two(int n) {
                        var x = await F(n);
                        Assert.Equal(n, x);
                        x.Should().Be(n);
                    }

                """,
            assertion: "        Assert.Equal(n, x);\n",
            body: (
                "        var x = await F(n);\n        Assert.Equal(n, x);\n        x.Should().Be(n);\n",
                "        return;\n"
            ), start: ("[Theory]", "[Theory(Skip = \"later\")]")),
        Sample(
            framework: "RSpec", path: "spec/a_spec.rb",
            text: """
                describe A do
                  it 'does one' do
                    expect(f(1)).to eq(1)
                    expect(g(1)).to be_truthy
                  end

                  it 'does two' do
                    x = f(2)
                    expect(x).to eq(2)
                    expect { f(nil) }.to raise_error
                  end
                end

                """,
            second: """
                  it 'does two' do
                    x = f(2)
                    expect(x).to eq(2)
                    expect { f(nil) }.to raise_error
                  end

                """,
            assertion: "    expect(x).to eq(2)\n",
            body: ("    x = f(2)\n    expect(x).to eq(2)\n    expect { f(nil) }.to raise_error\n", ""),
            start: ("  it 'does two'", "  xit 'does two'")),
        Sample(
            framework: "Minitest", path: "test/a_test.rb",
            text: """
                class ATest < Minitest::Test
                  def test_one
                    assert_equal 1, f(1)
                    assert g(1)
                  end

                  def test_two
                    x = f(2)
                    assert_equal 2, x
                    refute_nil x
                  end
                end

                """,
            second: """
                  def test_two
                    x = f(2)
                    assert_equal 2, x
                    refute_nil x
                  end

                """,
            assertion: "    assert_equal 2, x\n",
            body: ("    x = f(2)\n    assert_equal 2, x\n    refute_nil x\n", "    # later\n"),
            start: ("    x = f(2)", "    skip 'later'\n    x = f(2)")),
        Sample(
            framework: "PHPUnit", path: "tests/ATest.php",
            text: """
                <?php
                class ATest extends TestCase
                {
                    public function testOne(): void
                    {
                        $this->assertSame(1, f(1));
                        self::assertTrue(g(1));
                    }

                    public function testTwo(): void
                    {
                        $x = f(2);
                        $this->assertSame(2, $x);
                        $this->expectException(Bad::class);
                        f(null);
                    }
                }

                """,
            second: """
                    public function testTwo(): void
                    {
                        $x = f(2);
                        $this->assertSame(2, $x);
                        $this->expectException(Bad::class);
                        f(null);
                    }

                """,
            assertion: "        $this->assertSame(2, $x);\n",
            body: (
                """
                        $x = f(2);
                        $this->assertSame(2, $x);
                        $this->expectException(Bad::class);
                        f(null);

                """, "        return;\n"
            ), start: ("        $x = f(2);", "        $this->markTestSkipped('later');\n        $x = f(2);")),
        Sample(
            framework: "GoogleTest", path: "test/a_test.cc",
            text: """
                #include <gtest/gtest.h>

                TEST(A, One) {
                  EXPECT_EQ(f(1), 1);
                  ASSERT_TRUE(g(1));
                }

                TEST_F(AFixture, Two) {
                  int x = f(2);
                  EXPECT_EQ(x, 2);
                  EXPECT_THROW(f(0), Bad);
                }

                """,
            second: """
                TEST_F(AFixture, Two) {
                  int x = f(2);
                  EXPECT_EQ(x, 2);
                  EXPECT_THROW(f(0), Bad);
                }

                """,
            assertion: "  EXPECT_EQ(x, 2);\n",
            body: ("  int x = f(2);\n  EXPECT_EQ(x, 2);\n  EXPECT_THROW(f(0), Bad);\n", "  return;\n"),
            start: ("  int x = f(2);", "  GTEST_SKIP();\n  int x = f(2);")),
    ]

    /// What each framework's file may and may not go through.
    static let testFiles = samples.flatMap { sample -> [GuardFixture] in
        func fixture(_ name: String, _ new: String?, trips: Bool, _ says: String = "") -> GuardFixture {
            GuardFixture(
                key: "tests", name: "\(sample.framework): \(name)", files: [File(sample.path, sample.text, new)],
                says: trips ? says : "")
        }
        func replaced(_ part: String, _ other: String) -> String { sample.text.replacing(part, with: other) }
        let crlf = File(
            sample.path, sample.text.replacing("\n", with: "\r\n"),
            replaced(sample.assertion, "").replacing("\n", with: "\r\n"))
        return [
            fixture("a test removed", replaced(sample.second, ""), trips: true, "no longer has the test"),
            fixture("an assertion removed", replaced(sample.assertion, ""), trips: true, "asserts less than before"),
            GuardFixture(
                key: "tests", name: "\(sample.framework): the same with CRLF", files: [crlf],
                says: "asserts less than before"),
            fixture(
                "a test emptied", replaced(sample.body.full, sample.body.empty), trips: true, "no longer does anything"),
            fixture(
                "a test skipped", replaced(sample.start.plain, sample.start.skipped), trips: true, "skips a test"),
            fixture("the file deleted", nil, trips: true, "no longer has 2 tests"),
            fixture(
                "an assertion added", replaced(sample.assertion, sample.assertion + sample.assertion), trips: false),
            fixture("a value changed", replaced("2", "3"), trips: false),
            GuardFixture(
                key: "tests", name: "\(sample.framework): the file renamed",
                files: [
                    File(sample.path, sample.text, nil),
                    File("moved/\(sample.path)", nil, sample.text),
                ]),
        ]
    }

    static let testMoves = [
        GuardFixture(
            key: "tests", name: "not: XCTest becomes Swift Testing",
            files: [
                File(
                    "Tests/A/ATests.swift",
                    "import XCTest\nclass A: XCTestCase {\n  func testOne() {\n    XCTAssertEqual(f(), 1)\n    XCTAssertNil(g())\n  }\n}\n",
                    "import Testing\nstruct A {\n  @Test func one() {\n    #expect(f() == 1)\n    #expect(g() == nil)\n  }\n}\n"
                )
            ]),
        GuardFixture(
            key: "tests", name: "XCTest becomes Swift Testing without `@Test`",
            files: [
                File(
                    "Tests/A/ATests.swift",
                    "import XCTest\nclass A: XCTestCase {\n  func testOne() {\n    XCTAssertEqual(f(), 1)\n  }\n}\n",
                    "import Testing\nstruct A {\n  func testOne() {\n    #expect(f() == 1)\n  }\n}\n")
            ], places: ["Tests/A/ATests.swift"]),
        GuardFixture(
            key: "tests", name: "not: assertions through helpers of a shim",
            files: [
                File(
                    "Tests/A/ATests.swift",
                    "import XCTest\nclass A: XCTestCase {\n  func testOne() {\n    XCTAssert(f())\n    XCTFail(g())\n  }\n}\n",
                    "import Testing\nstruct A {\n  @Test func testOne() {\n    expectTrue(f())\n    expectFail(g())\n  }\n}\n"
                )
            ]),
        GuardFixture(
            key: "tests", name: "not: a shim that is not needed any more",
            files: [File("Tests/A/Shim.swift", "func expectTrue(_ x: Bool) {\n  #expect(x)\n  XCTAssert(x)\n}\n", nil)]),
        GuardFixture(
            key: "tests", name: "not: unittest becomes pytest",
            files: [
                File(
                    "tests/test_a.py",
                    "class A(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(f(), 1)\n        self.assertRaises(E, g)\n        self.fail('x')\n",
                    "def test_a():\n    assert f() == 1\n    with pytest.raises(E):\n        g()\n    pytest.fail('x')\n"
                )
            ]),
        GuardFixture(
            key: "tests", name: "not: JUnit 4 becomes JUnit 5",
            files: [
                File(
                    "src/test/java/ATest.java",
                    "class ATest {\n  @Test(expected = E.class)\n  public void testA() { f(); }\n  @Ignore @Test public void b() { assertThat(x, is(1)); }\n}\n",
                    "class ATest {\n  @Test\n  void a() { assertThrows(E.class, () -> f()); }\n  @Disabled @Test void b() { assertThat(x).isEqualTo(1); }\n}\n"
                )
            ]),
        GuardFixture(
            key: "tests", name: "not: JavaScript becomes TypeScript",
            files: [
                File("a.test.js", "test('a b', () => {\n  expect(f()).toBe(1);\n});\n", nil),
                File("a.test.ts", nil, "test('a b', (): void => {\n  expect(f()).toBe(1);\n});\n"),
            ]),
        GuardFixture(
            key: "tests", name: "not: a test that moved to another file",
            files: [
                File(
                    "tests/test_a.py", "def test_a():\n    assert f()\n\ndef test_b():\n    assert g()\n",
                    "def test_a():\n    assert f()\n"),
                File(
                    "tests/test_b.py", "def test_c():\n    assert h()\n",
                    "def test_c():\n    assert h()\n\ndef test_b():\n    assert g()\n"),
            ]),
        GuardFixture(
            key: "tests", name: "a test that moved and lost an assertion on the way",
            files: [
                File(
                    "tests/test_a.py",
                    "def test_a():\n    assert f()\n\ndef test_b():\n    assert g()\n    assert h()\n",
                    "def test_a():\n    assert f()\n"),
                File("tests/test_b.py", nil, "def test_b():\n    assert g()\n"),
            ], places: ["tests/test_b.py:1"]),
        GuardFixture(
            key: "tests", name: "not: assertions that moved into a helper of the file",
            files: [
                File(
                    "tests/test_a.py",
                    "def test_a():\n    assert f(1)\n    assert g(1)\n\ndef test_b():\n    assert f(2)\n    assert g(2)\n",
                    "def assert_fg(n):\n    assert f(n)\n    assert g(n)\n\ndef test_a():\n    assert_fg(1)\n\ndef test_b():\n    assert_fg(2)\n"
                )
            ]),
        GuardFixture(
            key: "tests", name: "not: code beside the tests",
            files: [File("src/a.py", "def test_connection():\n    assert x\n    return 1\n", "y = 1\n")]),
        GuardFixture(
            key: "tests", name: "not: `it` and `test` as other words",
            files: [File("src/a.js", "if (/x/.test('a')) { it(1); test(x); }\n", "const x = 1;\n")]),
        GuardFixture(
            key: "tests", name: "not: tests in a string",
            files: [
                File(
                    "tests/test_a.py",
                    "X = '''\ndef test_x():\n    assert 1 == y\n'''\ndef test_a():\n    assert f()\n",
                    "def test_a():\n    assert f()\n")
            ]),
        GuardFixture(
            key: "tests", name: "not: a skip that is spelled in another way",
            files: [
                File(
                    "tests/test_a.py", "import unittest\n@unittest.skipIf(PY2, 'x')\ndef test_a():\n    assert f()\n",
                    "from unittest import skipIf\n@skipIf(PY2, 'x')\ndef test_a():\n    assert f()\n")
            ]),
        GuardFixture(
            key: "tests", name: "not: a new test that runs on some systems only",
            files: [
                File(
                    "tests/test_a.py", "def test_a():\n    assert f()\n",
                    "def test_a():\n    assert f()\n\n@pytest.mark.skipif(WIN, reason='x')\ndef test_b():\n    assert g()\n"
                )
            ]),
        GuardFixture(
            key: "tests", name: "not: an empty test of a name that others have",
            files: [
                File(
                    "ATest.java", "class A { @Test public void a() { assertTrue(x); } }\n",
                    "class B { @Test public void a() {} }\nclass A { @Test public void a() { assertTrue(x); } }\n")
            ]),
        GuardFixture(
            key: "tests", name: "one test that hides all others",
            files: [
                File(
                    "a.spec.ts", "it('a', () => { expect(1).toBe(x); });\n",
                    "it.only('a', () => { expect(1).toBe(x); });\n")
            ], places: ["a.spec.ts:1"]),
        GuardFixture(
            key: "tests", name: "a test that returns before it asserts",
            files: [
                File(
                    "tests/test_a.py", "def test_a():\n    x = f()\n    assert x\n",
                    "def test_a():\n    return\n    x = f()\n    assert x\n")
            ], places: ["tests/test_a.py:1"]),
        GuardFixture(
            key: "tests", name: "a test replaced by one that asserts nothing",
            files: [
                File("tests/test_a.py", "def test_a():\n    assert f() == 1\n", "def test_new():\n    f()\n")
            ], places: ["tests/test_a.py:1"]),
    ]
}
