package main

func run(c config) {
	for _, lib := range []config{{kind: 1}, c} {
		_ = lib
	}
}
