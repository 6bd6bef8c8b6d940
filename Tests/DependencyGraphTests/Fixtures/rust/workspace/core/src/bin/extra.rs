fn main() { my_core::loud!(); }
