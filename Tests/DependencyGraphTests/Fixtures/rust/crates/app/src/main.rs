use car::a;
use a::*;
use car::b::B;
use std::fmt::Debug;
use serde::Serialize;
use engine::block::Block;
use oil::Drop;
use core::mem;

fn main() {
    car::b::B;
    std::fmt::format(Cab);
}
