namespace Shop.App;

class Result { } class Request { } class Pair { } class Extra { } class Special { } class Ordinary { }
