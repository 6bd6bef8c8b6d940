namespace Shop.Model;

public class Tag { }

static class Kinds { public const int First = 1; }
