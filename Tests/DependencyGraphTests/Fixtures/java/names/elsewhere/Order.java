package shop.model;

import java.util.List;
import shop.util.*;

public class Order<Strings extends Item> extends Base {
    List<Strings> items;
    Listener listener;
    Currency currency;

    <Money> Money cast(Money value) { return value; }

    Range range() { return new Range() {
        @Override public Bound low() { return null; }
    }; }

    List<Item> all() {
        class Tag { }
        return new Tag() == null ? null : null;
    }
}
