namespace Shop.App;

class Fast { }
