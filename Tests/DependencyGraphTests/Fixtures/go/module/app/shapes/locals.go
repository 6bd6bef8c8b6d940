package shapes

func locals(name string) int {
	limit := limit + 1
	for one := range []int{1} {
		_ = one
	}
	if name := name; name != "" {
		return limit
	} else if Round := 1; Round > 0 {
		return Round
	}
	switch one := any(name).(type) {
	case string:
		return len(one)
	}
	var (
		Flat = 1
		f    func(limit int) (one int)
	)
	defer f(Flat)
	return func(Names int) int { return Names }(2)
}

type reader interface {
	name(limit int) (one Kind)
}
