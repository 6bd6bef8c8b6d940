def f(:
  import acme.a
  from acme.a import (core
