package shop.outer;

/** Hidden by the inherited one. */
class Inner { static class Leaf { } }
