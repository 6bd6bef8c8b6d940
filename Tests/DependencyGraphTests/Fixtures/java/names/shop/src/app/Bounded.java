package shop.app;

interface Bounded { }
