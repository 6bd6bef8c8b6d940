namespace Shop.App;

class Service { }
