class Never
  X = 1
end
