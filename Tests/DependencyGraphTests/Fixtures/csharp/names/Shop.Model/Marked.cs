namespace Shop.Model;

public class Marked { }
