namespace Shop.App;

class Entry { }
