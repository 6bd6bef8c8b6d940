namespace Shop.App;

class Argument { } class Lambda { }
