namespace Shop.App.Nested;

static class Factory { public static T Create<T>() => default; }
