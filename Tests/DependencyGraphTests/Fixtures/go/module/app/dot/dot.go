package dot

import (
	. "example.com/app/shapes"
	lib "example.com/lib"
)

var made = []Shape{{Name: lib.Other}, {Size: 1}}

var table = map[string]Kind{lib.Other: Flat}

var fields = lib.Fields{lib.Other: 1}
