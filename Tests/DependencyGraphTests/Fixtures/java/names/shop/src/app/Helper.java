package shop.app;

class Helper { static void help() { } }
