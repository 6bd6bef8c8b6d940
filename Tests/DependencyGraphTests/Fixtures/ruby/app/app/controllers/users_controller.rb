class UsersController
  def index
    case params
    when User::Settings then Admin::User
    else Tag::Missing
    end
  end
end
