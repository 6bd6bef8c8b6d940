package shapes

type Shape struct {
	Name string
	Size int
	next *Shape
}

type Kind int

const (
	Round Kind = iota
	Flat
)

func (s *Shape) Grow(by int) { s.Size += by }
