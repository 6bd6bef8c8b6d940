pub fn second() {}
