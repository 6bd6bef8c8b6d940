module Taggable
  extend ActiveSupport::Concern
  def tags = Tag.all
end
