namespace Shop.App;

class Product { }
