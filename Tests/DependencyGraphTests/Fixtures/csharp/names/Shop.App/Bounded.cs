namespace Shop.App;

class Bounded { }
