package shapes

import "testing"

func helper(t *testing.T) Kind { return Flat }
