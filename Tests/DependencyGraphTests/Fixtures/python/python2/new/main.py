import helper
print("x")
print if 1 else 2
