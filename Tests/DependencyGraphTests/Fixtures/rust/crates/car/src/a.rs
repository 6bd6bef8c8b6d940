pub struct A;
pub use crate::c::*;
