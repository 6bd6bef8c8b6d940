pub fn win() { crate::both::both() }
