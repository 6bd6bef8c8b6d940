namespace Shop.Model;

public partial class Order
{
    private int total;
    private const int Limit = 3;
    partial void Count() { _ledger.Add(); Item item = null; }
    public static Order Parse(string text) => null;
    public sealed class Line { }
}
