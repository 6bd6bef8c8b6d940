package shop.outer.deep;

public class Grand {
    public static class Nested { }
    public interface Shared { }
}
