pub struct Drop;
