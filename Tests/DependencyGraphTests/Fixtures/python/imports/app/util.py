"""import app.core.engine
from app import missing
"""
import os, sys; import app.core.engine as e, lib.helper
text = 'import app.shapes'
text = f"{'import app.shapes'}"
text = r"\"import app.shapes"
# import app.shapes
def late():
    from app.shapes import (
        Circle,  # from app import nothing
        Square as S,
    )
    import \
        app.core.gears
    yield from app.shapes
    raise e from app
if True: import ns.inner.deep
