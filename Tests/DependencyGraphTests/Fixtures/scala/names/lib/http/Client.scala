package lib.http

class Client extends Route with lib.errors.Failure {
  type Codec = Int
  def codec: Codec = 1
  def token: lib.Token = lib.errors.NotFound.toString
  def path: Path = port
  def port: Port = { import lib.http.Ports.default; default }
}
