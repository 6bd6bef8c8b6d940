package shop.model;

public class Item implements Priced {
    public static final int MAX = 3;
    Money price;

    /** Not {@link shop.util.Strings} and not {@link Order}. */
    public Money price() { return price; }

    public static class Builder {
        Tag tag = Tag.NEW;
        Item build() { return new Item(); }
    }
}

class Tag {
    static final Tag NEW = new Tag();
}
