namespace Shop.App;

interface IExplicit { void Do<T>(T value); }
