import helper
Circle = 1
