#ifndef C_VERSION_H
#define C_VERSION_H

/// The commit that the program was built from; empty if the build was not told.
const char *orchestrate_commit(void);

#endif
