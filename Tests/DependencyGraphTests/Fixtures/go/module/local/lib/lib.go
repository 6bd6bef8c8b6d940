package lib

func Help() {}

type Fields map[string]int
