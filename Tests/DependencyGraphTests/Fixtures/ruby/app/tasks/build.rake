require File.expand_path("../lib/acme/version", __dir__)
task(:build) { Acme::Builder.new }
