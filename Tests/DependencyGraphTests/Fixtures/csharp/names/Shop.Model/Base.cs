namespace Shop.Model;

public abstract class Base
{
    public class Inner { }
    protected Money Balance;
}
