/* #include "util.h" */
#include <stdio.h>
#include "util.h" // #include "dead.h"
#  include <lib/api.h>
const char *text = "\
#include \"text.h\"";
#if 0
#include "dead.h"
#else
#include "net/socket.h"
#endif
#ifdef _WIN32
#include "win.h"
#endif
// a joined comment \
#include "joined.h"
#include \
    "spliced.h"
/* a comment before */ #include "behind.h"
#include CONFIG_HEADER
#include OPTION_HEADER
#define LOCAL_HEADER "local.h"
#include LOCAL_HEADER
#include <string.h>
#include "missing.h"
char quote = '"'; /*
#include "dead.h"
*/
#include <json.h>
#include "../lib/outside.h"
#include <third.h>
