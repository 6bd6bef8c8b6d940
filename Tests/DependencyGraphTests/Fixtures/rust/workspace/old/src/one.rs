use two::second;

pub fn first() { second(); ::two::second(); }
