package shop.util

class Unused
class Priced
