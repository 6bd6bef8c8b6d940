pub mod fmt;
use std::fmt::Debug;
pub struct Debugged;
