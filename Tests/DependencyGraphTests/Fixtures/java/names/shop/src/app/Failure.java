package shop.app;

class Failure extends Exception { }
