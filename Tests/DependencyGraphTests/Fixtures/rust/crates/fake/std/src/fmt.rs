pub trait Debug {}
