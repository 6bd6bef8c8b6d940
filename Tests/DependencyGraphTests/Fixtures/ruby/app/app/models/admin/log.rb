module Admin
  class Log
    def self.for(x) = User.new(x)
    def plain = ::User::ROLES
  end
end
