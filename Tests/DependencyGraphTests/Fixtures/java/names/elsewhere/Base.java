package shop.model;

abstract class Base implements Priced {
    protected shop.util.Range.Bound bound;

    Object kind(Kind kind) {
        switch (kind) {
            case Order: return "Tag";
            case Item: return 'x';
            default: return Kind.Money;
        }
    }
}
