interface Shape { x: number }
