namespace Shop.App;

class Table { }
