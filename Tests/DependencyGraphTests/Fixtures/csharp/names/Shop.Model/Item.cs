using System;
using System.Collections.Generic;

namespace Shop.Model
{
    /// <summary>Not <see cref="Order"/>.</summary>
    public class Item : IPriced, IComparable<Item>
    {
        public Money Price { get; set; }
        public List<Tag> Tags { get; } = new();
        public string Text => $"{Price.Cents:N2} {{Order}} {$"{Strings.Pad("Order")}"}";
        public string Raw = @"Order ""quoted"" \";
        public string Three = $$"""
            Order { "quoted" } {{Kinds.First}}
            """;
        public int CompareTo(Item other) => 0;
        public class Builder<T> where T : IPriced, new() { public T Built; }
    }
}
