print("scripted-model")
