#include "util.h"
#include "json.h"
#include "third.h"
