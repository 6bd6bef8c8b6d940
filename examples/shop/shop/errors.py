"""What can go wrong, in the words of the shop."""


class ShopError(Exception):
    """Any error that a person at the counter can understand."""


class UnknownProduct(ShopError):
    def __init__(self, sku: str) -> None:
        super().__init__(f"no product has the number {sku}")
        self.sku = sku


class OutOfStock(ShopError):
    def __init__(self, sku: str, wanted: int, available: int) -> None:
        super().__init__(f"{wanted} of {sku} are wanted and {available} are there")
        self.sku = sku
        self.wanted = wanted
        self.available = available


class UnknownCustomer(ShopError):
    pass
