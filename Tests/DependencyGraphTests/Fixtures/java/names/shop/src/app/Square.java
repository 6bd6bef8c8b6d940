package shop.app;

final class Square implements Shape { }
