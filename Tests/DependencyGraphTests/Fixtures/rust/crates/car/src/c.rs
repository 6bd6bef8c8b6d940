pub use crate::a::*;
pub struct Cab;
