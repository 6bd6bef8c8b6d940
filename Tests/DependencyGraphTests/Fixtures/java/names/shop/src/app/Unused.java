package shop.app;

class Unused { }
