pub struct Block;
