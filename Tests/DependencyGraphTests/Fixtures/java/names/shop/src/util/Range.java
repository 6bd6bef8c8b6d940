package shop.util;

public class Range {
    public Bound low() { return null; }

    public static class Bound { }
}
