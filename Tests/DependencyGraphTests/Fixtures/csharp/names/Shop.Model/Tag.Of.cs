namespace Shop.Model;

public class Tag<T> { public Tag Plain; }
