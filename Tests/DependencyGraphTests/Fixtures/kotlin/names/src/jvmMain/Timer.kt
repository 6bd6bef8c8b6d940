package platform

class Timer(val clock: Clock)
