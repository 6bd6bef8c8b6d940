extern crate elder as older;
mod args;
use older::first;
use my_core::{self, net::{self, client}};

fn main() {
    args::parse::<client::Client>();
    net::Address;
}
