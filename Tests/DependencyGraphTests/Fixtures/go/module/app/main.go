package main

import (
	"fmt"
	db "example.com/app/internal/store"
	_ "example.com/app/plug"
	"example.com/app/shapes"
	"example.com/lib"
)

type config struct {
	db   *db.Store
	kind shapes.Kind
}

func main() {
	shape := shapes.Shape{Name: "x"}
	shapes := []int{shape.Size}
	fmt.Println(shapes)
	if db := db.New(nil); db != nil {
		lib.Help()
	}
	_ = func(lib string) string { return lib.Other }
	run(config{kind: 1})
}
