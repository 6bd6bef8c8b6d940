namespace Shop.App
{
    using Nested;

    [Service(typeof(IService<,>))]
    public class Application : IService<Item, Money>
    {
        public Kind Kind { get; init; }
        public Size Size { get; }

        public Application(int Unused) { Size = new Size { Width = 1, Unused = 2 }; }

        public Result? Run([Required] Request request, (Pair left, int right) both, params Extra[] extras)
        {
            if (request is Special { Code: 1 } or Ordinary) return (Result)request;
            bool flag = Size.Width < Max && Min > 2;
            object made = request switch { Fast fast => fast, Slow => null, _ => Unused(Unused: 3) };
            try { foreach (Entry entry in made as Table ?? new()) { } } catch (Failure) { }
            var name = nameof(Named) + default(Valued) + flag ? Yes : No;
            Func<Argument, Dictionary<int, Nested.Deep.Worker>> call = (Lambda x) => null;
            return Factory.Create<Product>()?.Made;
        }

        void IExplicit.Do<Service>(Service service) where Service : Bounded { global::Shop.Util.Strings.Pad(""); }

        private static int Unused(int Unused) => Unused;
        event Handler Changed;
        public delegate Token Handler(Sender sender);
        public static implicit operator Target(Application app) => stackalloc Cell[1];
    }
}
