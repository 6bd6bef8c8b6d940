require "acme/version"
require 'json'
require_relative "acme/errors"
require File.join(File.dirname(__FILE__), "acme", "config")
begin
  require "fast_path"
rescue LoadError
  require "acme/slow_path"
end
module Acme
  autoload :Builder, "acme/builder"
  autoload :HTTPClient, "acme/http_client"
  autoload :Registry
  # require "acme/never"
  TEXT = "require 'acme/never'"
  DOC = <<~DOC
    require "acme/never"
    Never.new it's
  DOC
  LIST = %w[require acme/never Never it's]
  RE = /require "acme\/never" Never/
  def self.config = Config.new(TEXT)
end
=begin
require "acme/never"
=end
__END__
require "acme/never"
