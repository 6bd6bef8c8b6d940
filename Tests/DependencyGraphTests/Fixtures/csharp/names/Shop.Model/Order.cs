namespace Shop.Model;

[Marked("Kinds"), Obsolete]
public partial class Order : Base
{
    private readonly Ledger _ledger;
    public Order(Inner inner) { Count(); this.total = Limit; }
    partial void Count();
}
