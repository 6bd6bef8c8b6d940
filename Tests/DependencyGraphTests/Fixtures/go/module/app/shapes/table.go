package shapes

// Table's keys are expressions, Shape's are fields.
type Table map[Kind]string

type Alias = Table

var Names = Table{
	Round: "round",
	Flat:  "flat",
}

var one = Shape{Name: "one", Size: limit}

type Set[K comparable, V any] struct {
	items map[K]V
	Box[V]
}

func (s *Set[K, V]) Add(k K, v V) {}

type Box[V any] struct{ V V }
