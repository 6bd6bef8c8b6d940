package shop.app;

import shop.model.*;
import shop.util.Checked;
import shop.util.Checked.Level;
import shop.util.Item;
import static shop.app.Limits.*;

@Checked(value = Helper.class, levels = { Level.LOW })
public class Main {
    private static final String TEXT = """
        Limits, Unused and "Order" in a text block
        """;
    // Unused
    Item item;
    Order<?> order;
    int limit = LIMIT;
    char quote = '"'; Class<?> type = int.class;

    void run(Object thing) throws Failure {
        if (thing instanceof Money money && money.cents() < LIMIT) {
            Runnable task = Helper::help;
        } else if (thing instanceof Shape.Circle(Point centre)) {
            Priced.Listener listener = source -> { };
        }
        Object x = switch (thing) {
            case Square square -> square;
            case Point(int a, int b) -> a;
            default -> (Fallback) thing;
        };
        shop.util.Strings.pad("x");
        java.util.List<Boxed[]> list = new java.util.ArrayList<>();
        boolean isLess = limit < LIMIT && limit > Count.of(1);
    }

    <T extends Bounded & java.io.Serializable> T generic(T... values) { return values[0]; }
}
