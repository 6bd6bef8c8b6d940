package shop.app;

class Legacy { static final String NAME = Origin.class.getName(); }
