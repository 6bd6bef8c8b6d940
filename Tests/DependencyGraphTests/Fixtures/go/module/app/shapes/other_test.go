package shapes_test

import (
	"testing"

	"example.com/app/shapes"
)

func TestNames(t *testing.T) {
	_ = shapes.Names
	_ = shapes.Round
}
