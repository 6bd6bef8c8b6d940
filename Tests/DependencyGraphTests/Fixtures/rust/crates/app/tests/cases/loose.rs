use car::b::B;
use serde::Serialize;
