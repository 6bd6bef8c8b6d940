#include "../util.h"
#include "../net/poll.h"
