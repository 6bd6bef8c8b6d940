package shop.model;

class Label {
    Tag second = Item.Builder.class == null ? null : Tag.NEW;
    shop . util
        . Checked . Level spread;
}
