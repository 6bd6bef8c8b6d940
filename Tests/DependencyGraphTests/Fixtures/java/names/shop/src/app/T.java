package shop.app;

class T { }
