module Acme
  class Config
    Options = Struct.new(:a)
    class Reader
      def read = Options.new(VERSION)
    end
    def if?(end_: nil) = raise(NotFound) unless Registry.known?
  end
end
