module FastPath; end
