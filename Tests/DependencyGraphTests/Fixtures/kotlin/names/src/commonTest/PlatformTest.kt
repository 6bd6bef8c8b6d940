package platform

class PlatformTest { fun run() { Clock(); start(); jvmOnly() } }
