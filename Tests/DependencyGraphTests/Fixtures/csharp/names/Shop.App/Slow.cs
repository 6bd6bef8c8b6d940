namespace Shop.App;

class Slow { }
