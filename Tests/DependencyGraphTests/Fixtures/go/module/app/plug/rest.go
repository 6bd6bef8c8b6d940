package plug

func Unused() {}
