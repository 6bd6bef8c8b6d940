package shop.app;

class Boxed { }
