#ifndef CONFIG
#define CONFIG_HEADER "config.h"
#define NOT_A_HEADER "some text"
#endif
