package shop.outer;

import shop.outer.deep.Parent;

public class Outer extends Parent {
    Nested nested;
    Inner.Leaf leaf;
    static class Own { Shared shared; }
}
