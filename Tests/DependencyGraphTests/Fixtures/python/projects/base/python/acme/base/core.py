from acme.base import more
