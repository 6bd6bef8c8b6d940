package shop.model.ids

class Id(val raw: Int)
class Item
