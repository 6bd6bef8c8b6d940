namespace Shop.App;

class Helper { }
