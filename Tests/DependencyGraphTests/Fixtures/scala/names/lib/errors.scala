package lib
package object errors {
  class NotFound extends Failure
  type Result = Either[Failure, Token]
}
