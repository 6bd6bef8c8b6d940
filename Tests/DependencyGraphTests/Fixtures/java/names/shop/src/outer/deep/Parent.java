package shop.outer.deep;

public class Parent extends Grand {
    public static class Inner { public static class Leaf { } }
}
