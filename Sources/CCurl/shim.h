#ifndef ORCHESTRATE_CCURL_SHIM_H
#define ORCHESTRATE_CCURL_SHIM_H

#include <curl/curl.h>

#endif
