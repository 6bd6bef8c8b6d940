module Acme
  class Error < StandardError; end
  class NotFound < Error
    def message; "none" end
  end
  Denied = Class.new(Error)
end
