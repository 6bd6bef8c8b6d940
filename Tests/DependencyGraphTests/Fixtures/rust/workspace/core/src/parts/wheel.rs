use crate::prelude::*;

pub struct Wheel(Option<Box<Part>>);
