mod one;
mod two;
pub use one::first;
