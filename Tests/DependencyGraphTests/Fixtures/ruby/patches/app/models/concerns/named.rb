module Named
  include Sized

  class Label
    def initialize(size); end
  end
end
