//! mod not_here;
#[macro_use]
mod macros;
pub mod net;
mod parts;
#[cfg(unix)]
#[path = "parts/unix_imp.rs"]
mod imp;
#[cfg_attr(windows, path = "win.rs")]
mod both;
pub(crate) mod inline {
    pub mod deep;
    use super::parts::Part as Piece;
    pub fn make() -> Piece {
        Piece::new(self::deep::SIZE)
    }
}
cfg_thing! {
    mod gated;
}

pub use crate::net::{client::Client, *};
pub use parts::prelude;

/* mod nor_here; /* nested */ */
const TEXT: &str = r#"mod raw; use crate::parts::Part;"#;
pub fn lifetime<'mod_>(a: &'mod_ str) -> char { let _ = a; 'm' }
