package v

func V() { w() }
