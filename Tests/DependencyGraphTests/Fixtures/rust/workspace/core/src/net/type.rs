pub enum Kind { A, B }
