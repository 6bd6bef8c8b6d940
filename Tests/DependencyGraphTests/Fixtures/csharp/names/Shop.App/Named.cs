namespace Shop.App;

class Named { } struct Valued { }
