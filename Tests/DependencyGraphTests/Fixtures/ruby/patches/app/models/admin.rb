class Admin < User
  def show
    Label.new(SIZE)
  end
end
