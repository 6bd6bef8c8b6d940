package a.net.wire

class Copper
