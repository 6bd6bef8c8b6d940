package v

func w() {}
