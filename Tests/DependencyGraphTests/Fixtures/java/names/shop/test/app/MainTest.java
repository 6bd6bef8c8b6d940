package shop.app;

import static org.junit.Assert.assertEquals;

import org.junit.Test;
import shop.app.Main;
import shop.missing.Limits;

public class MainTest {
    @Test public void runs() { new Main().run(Limits.class); }
}
