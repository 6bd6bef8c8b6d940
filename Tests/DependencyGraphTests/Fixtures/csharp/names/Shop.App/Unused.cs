namespace Shop.App;

class Unused { } class Width { } class Code { } class Yes { } class No { } class Max { } class Changed { }
