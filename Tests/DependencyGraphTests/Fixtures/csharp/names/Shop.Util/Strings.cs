namespace Shop.Util
{
    public static class Strings
    {
        public static string Pad(this string text) => text;
    }

    public class Ledger { public void Add() { } }
}
