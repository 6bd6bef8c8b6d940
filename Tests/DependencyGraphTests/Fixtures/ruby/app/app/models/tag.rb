class Tag < ApplicationRecord
  belongs_to :user
end
