package plug

func init() {}
