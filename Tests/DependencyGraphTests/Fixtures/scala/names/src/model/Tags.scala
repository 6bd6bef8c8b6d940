package shop.model

object Tags { val tagged = 'tagged; val quote = '"' }

class Label(val value: String)

object Label { def apply(s: String) = new Label(s) }

object Marker { val text = """Unused "quoted" """ }
