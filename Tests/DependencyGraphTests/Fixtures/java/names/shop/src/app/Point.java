package shop.app;

record Point(int x, int y) { }
