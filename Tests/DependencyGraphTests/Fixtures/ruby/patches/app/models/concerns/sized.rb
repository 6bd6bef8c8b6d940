module Sized
  SIZE = 3
end
