pub fn setup() -> my_core::Kind { todo!() }
