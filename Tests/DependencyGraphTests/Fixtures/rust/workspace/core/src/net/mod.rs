pub mod client;
mod r#type;

pub use self::r#type::Kind;
pub struct Address;
