import shop.app.topLevel

topLevel()
