module ActiveRecord
  class Base
    def self.human; end
  end
end

module DoorKeeper
  class Token
    def old?; end
  end
end

class Settings
  LIMIT = 1
end
