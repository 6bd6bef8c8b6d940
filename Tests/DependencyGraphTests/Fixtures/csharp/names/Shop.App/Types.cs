namespace Shop.App;

class ServiceAttribute : Attribute { }
interface IService<A, B> { }
class Limits { public const int Max = 1, Min = 2; }
record Kind(int Value);
class Size { public int Width, Unused; }
