package shop.model;

public interface Priced {
    Money price();

    interface Listener { void changed(Priced source); }

    enum Kind { Order, Item, Money }
}
