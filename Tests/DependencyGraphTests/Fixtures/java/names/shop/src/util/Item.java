package shop.util;

/** Has a namesake in the other package. */
public class Item { }
