macro_rules! shout {
    ($x:expr) => { mod inside; use crate::net::Client; };
}
#[macro_export]
macro_rules! loud {
    () => {};
}
