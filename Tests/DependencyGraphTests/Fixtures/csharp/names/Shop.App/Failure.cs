namespace Shop.App;

class Failure : Exception { }
