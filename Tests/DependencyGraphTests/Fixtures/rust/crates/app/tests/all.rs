use car::a;
use a::*;
use car::b::B;
use standard::fmt::Debug;
use std::Debugged;

fn c(_: Cab) {}
