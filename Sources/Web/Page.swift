/// The page: one document with its style and its script, which asks nothing of any other server.
enum Page {
    /// - Parameters:
    ///   - nonce: allows this document's own style and script, and no other.
    static func html(nonce: String, isReadOnly: Bool) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>orchestrate</title>
        <link rel="icon" href="data:,">
        <style nonce="\(nonce)">\(PageStyle.text)</style>
        </head>
        <body data-read-only="\(isReadOnly)">
        <header>
        <h1 id="title">orchestrate</h1>
        <p id="state" role="status"></p>
        <div id="actions"></div>
        </header>
        <div id="bar" role="img"></div>
        <nav id="tabs"></nav>
        <p id="told" role="status" hidden></p>
        <main id="main"><p>Reading the run …</p></main>
        <script nonce="\(nonce)">\(PageScript.text)</script>
        </body>
        </html>

        """
    }
}
