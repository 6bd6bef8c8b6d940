use std::fmt::Debug;
