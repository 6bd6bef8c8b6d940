package lib.errors

trait Failure
class Codec
