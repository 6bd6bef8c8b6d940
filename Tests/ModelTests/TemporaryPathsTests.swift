import Model
import Testing

/// Paths of temporary folders, which people see and comparisons do not.
struct TemporaryPathsTests {
    @Test(arguments: [
        ("/tmp/ab12/cd/file.c:3", "<tmp>/file.c:3"), ("/tmp/x", "<tmp>"), ("/tmp/x/", "<tmp>"),
        ("in '/var/tmp/a/b c' x", "in '<tmp>/b c' x"), ("my/tmp/a/b/c", "my/tmp/a/b/c"), ("/tmpx/a", "/tmpx/a"),
        ("/dev/shm/q/w /tmp/x", "<tmp>/w <tmp>"), ("", ""),
    ]) func `temporary folders are left out of comparisons`(text: String, key: String) {
        #expect(String(decoding: TemporaryPaths.replaced(in: Array(text.utf8)), as: UTF8.self) == key)
    }

    @Test func `failures that differ in a temporary folder only are the same`() {
        func failure(_ folder: String) -> Failure {
            Failure(kind: .taskCheck, summary: "no \(folder)/x.txt", detail: "open \(folder)/x.txt")
        }
        let (a, b) = (failure("/tmp/a1"), failure("/tmp/b2"))
        #expect(a.fingerprint == b.fingerprint)
        #expect(a.fingerprint(without: ["f.py"]) == b.fingerprint(without: ["f.py"]))
        #expect(a.fingerprint != failure("/srv/a1").fingerprint)
    }
}
