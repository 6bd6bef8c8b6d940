package shop.model;

import static shop.util.Strings.pad;

public record Money(long cents, Currency currency) implements Comparable<Money> {
    public int compareTo(Money other) { return pad("x").length(); }
}

enum Currency { EUR, USD }
