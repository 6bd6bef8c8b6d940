global using Shop.Model;
global using Text = Shop.Util.Strings;
