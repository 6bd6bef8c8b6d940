using static Shop.App.Limits;
using Deep = Shop.App.Nested.Deep;
using Shop.App;
using Shop.Util;

var app = new Application(args.Length);
Line(app);
Console.WriteLine(Text.Pad("x") + Max);

static Order.Line Line(Application app) => Order.Parse("x") is Order order ? null : new Deep.Worker().Line;
