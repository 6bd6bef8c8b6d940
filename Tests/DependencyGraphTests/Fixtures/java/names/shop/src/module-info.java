import shop.app.Main;

module shop {
    requires java.base;
    exports shop.model;
    uses shop.model.Priced;
    provides shop.model.Base with shop.model.Order, Main;
}
