class User
  def extra = Tag
end
