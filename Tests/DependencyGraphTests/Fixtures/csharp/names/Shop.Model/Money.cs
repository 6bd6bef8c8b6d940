namespace Shop.Model;

public readonly record struct Money(int Cents, Currency Currency);

public enum Currency { Item, Order }
