namespace Shop.App;

class Sender { } struct Cell { }
