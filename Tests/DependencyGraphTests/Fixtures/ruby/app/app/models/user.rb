class User < ApplicationRecord
  include Taggable
  ROLES = %i[admin]
  class Settings
    def user = User
    def tag = ::Tag
  end
end
