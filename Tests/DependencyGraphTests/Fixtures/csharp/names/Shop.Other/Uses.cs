namespace Shop.App.Inside;

class Uses { Helper helper; Shop.App.Helper other; }
