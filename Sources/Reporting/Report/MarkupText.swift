import Model

/// Text of others inside HTML and SVG.
enum MarkupText {
    static func escaped(_ text: String) -> String {
        OutsideText.lines(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
