class Page < ActiveRecord::Base
  include ActiveRecord::Acts::Tree
end
