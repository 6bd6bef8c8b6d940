from acme.base.core import run
import shared.tools
