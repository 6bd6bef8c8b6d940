namespace Shop.Model;

// Hidden by the inherited one.
public class Inner { }
