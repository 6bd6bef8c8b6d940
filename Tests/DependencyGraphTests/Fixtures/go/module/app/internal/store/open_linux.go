package store

func open() { flush() }
