pub const SIZE: usize = 1;
