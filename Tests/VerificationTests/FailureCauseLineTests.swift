import Model
import Testing

/// The first message and its place in outputs whose message is below or above its place.
struct FailureCauseLineTests {
    @Test(arguments: [
        ("src/a.js\n  3:14  error  'x' is not defined  no-undef", "src/a.js:3", "'x' is not defined no-undef"),
        (
            "thread 't' panicked at src/a.rs:3:5:\ncalled `Option::unwrap()` on a `None` value", "src/a.rs:3",
            "called `Option::unwrap()` on a `None` value"
        ),
        ("ATest#test_b [test/a_test.rb:12]:\nExpected: 3\n  Actual: 4", "test/a_test.rb:12", "Expected: 3, Actual: 4"),
        (
            "There was 1 failure:\n\n1) App\\ATest::testB\nFailed asserting that 3 matches expected 4.\n\ntests/ATest.php:7",
            "tests/ATest.php:7", "Failed asserting that 3 matches expected 4."
        ),
        (
            "PHP Fatal error:  Uncaught Error: Call to undefined function f() in src/a.php:3", "src/a.php:3",
            "PHP Fatal error: Uncaught Error: Call to undefined function f()"
        ),
    ]) func `the message and its place are found`(digest: String, place: String, message: String) throws {
        let cause = try #require(FailureCause(in: digest))
        #expect(cause.place == place)
        #expect(cause.message == message)
    }
}
