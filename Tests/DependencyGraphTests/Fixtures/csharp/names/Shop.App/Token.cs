namespace Shop.App;

class Token { } class Target { }
