package store

import "example.com/app/shapes"

type Store struct {
	shapes []shapes.Shape
}

func New(shapes []shapes.Shape) *Store {
	open()
	return &Store{shapes: shapes}
}

func (s *Store) open() {}
