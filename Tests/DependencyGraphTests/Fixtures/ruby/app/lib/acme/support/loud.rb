module Acme
  module Support
    module Loud
      def shout = String.new($".to_s)
      def quiet = Config
    end
  end
end
