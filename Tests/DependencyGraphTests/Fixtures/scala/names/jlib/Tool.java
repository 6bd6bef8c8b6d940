package jlib;

import shop.model.Label;

public class Tool extends shop.app.Settings { three.Bare bare; }
