mod common;
mod deep;
use common::setup;
use renamed::first;
