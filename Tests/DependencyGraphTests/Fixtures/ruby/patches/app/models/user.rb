class User < ActiveRecord::Base
  include Named
  DoorKeeper::Token
  Settings::LIMIT
end
