use std::fmt;
use super::{Address, Kind};

pub struct Client {
    address: Address,
    kind: Kind,
    part: crate::parts::Part,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        shout!(1);
        super::super::inline::make();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(_: Address) {}
}
