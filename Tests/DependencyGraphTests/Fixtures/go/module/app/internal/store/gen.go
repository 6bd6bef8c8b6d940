//go:build ignore

package main

func main() { open() }

func open() {}
