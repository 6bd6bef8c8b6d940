class Admin::User < ::User
  def log = Admin::Log.for(Settings)
  def peer = User
end
