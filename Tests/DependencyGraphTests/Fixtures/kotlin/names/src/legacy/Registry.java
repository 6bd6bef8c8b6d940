package legacy;

import shop.model.DefaultsKt;
import shop.util.Log;
import static shop.app.FunctionsKt.describe;

public class Registry extends shop.app.Screen {
    static Object find(String name, Entry entry) { Log.log(name); return DefaultsKt.getDefaultCents(); }
    static class Entry { shop.model.Kind kind; }
}
