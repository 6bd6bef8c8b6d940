package shop.app;

class Fallback { }
