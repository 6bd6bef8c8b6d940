class Acme::HTTPClient
  def get = Acme::VERSION
  def version = VERSION
end
