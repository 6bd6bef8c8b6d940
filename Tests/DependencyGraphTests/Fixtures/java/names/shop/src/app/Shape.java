package shop.app;

sealed interface Shape permits Shape.Circle, Square {
    record Circle(Point centre) implements Shape { }
}
