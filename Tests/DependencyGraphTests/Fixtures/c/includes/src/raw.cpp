auto text = R"x(
#include "dead.h"
)x";
int big = 1'000'000; // don't
#include "util.h"
#include_next <util.h>
