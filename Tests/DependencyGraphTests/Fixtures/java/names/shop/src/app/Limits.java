package shop.app;

class Limits { static final int LIMIT = 1; }
