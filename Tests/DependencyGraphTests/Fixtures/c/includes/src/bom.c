#include "util.h"
#include "net/socket.h"
