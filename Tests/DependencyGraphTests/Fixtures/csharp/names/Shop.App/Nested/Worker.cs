namespace Shop.App.Nested.Deep;

class Worker { public Order.Line Line; Helper helper; }
