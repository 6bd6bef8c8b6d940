use my_core::{Client, prelude::Wheel};

fn main() {
    let _ = my_core::net::Address;
}
