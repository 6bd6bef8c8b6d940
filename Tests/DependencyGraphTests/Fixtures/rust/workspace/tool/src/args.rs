pub fn parse<T>() {
    use my_core as core_;
    core_::Client;
}
