namespace Shop.Model;

public interface IPriced { Money Price { get; } }

public interface IPriced<TItem> : IPriced where TItem : Item { TItem Priced { get; } }
