namespace Shop.Model;

public class MarkedAttribute : System.Attribute { public MarkedAttribute(string text) { } }
