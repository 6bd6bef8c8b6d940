require "acme/config" unless defined?(Acme::Config)
require_relative "builder" if ENV["X"]
module Acme::Plugins
  LOUD = Acme::Support::Loud
  QUIET = Error
  NAME = "#{Acme::Registry}"
end
