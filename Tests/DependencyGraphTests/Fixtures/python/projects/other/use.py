import shared.tools
